import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Runs the command line again on the Node that is installed with this package, for machines whose own is older. */
export function runOnOwnNode(main: string, args: readonly string[]): void {
  const { status, error } = spawnSync(ownNode(main), [main, ...args], { stdio: 'inherit' })
  if (error) console.error(`paracell: needs Node 24 or newer, and this is ${process.version}: install it, then try again.`)
  process.exitCode = status ?? 2
}

function ownNode(main: string): string {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  try {
    return join(dirname(createRequire(main).resolve('node/package.json')), 'bin', name)
  } catch {
    return ''
  }
}
