import { join } from 'node:path'
import { execa } from 'execa'

const main = join(import.meta.dirname, '..', '..', 'kernel', 'main.ts')

interface Ended {
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Runs `paracell …` from source and resolves to how it ended, whatever that is. */
export async function paracell(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], { reject: false, stdin: 'ignore', env })
  return { exitCode, stdout, stderr }
}
