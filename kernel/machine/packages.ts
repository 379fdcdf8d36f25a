import type { Package } from '../cluster/ticket.ts'

export async function providePackages(_packages: readonly Package[], _install: boolean): Promise<string> {
  return process.cwd()
}
