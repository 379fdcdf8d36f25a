import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { execa } from 'execa'

/** Folder of a peer's npm package, installed the first time it is asked for, apart from this project's own packages. */
export async function installed(name: string): Promise<string> {
  const folder = resolve('.tmp', 'peers', name)
  const peer = join(folder, 'node_modules', name)
  if (existsSync(join(folder, 'installed'))) return peer
  console.error(`Installing ${name} into ${folder} (once) …`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const { failed, stderr } = await execa('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', name], { cwd: folder, reject: false })
  if (failed) throw new Error(`npm could not install it: ${stderr.trim().split('\n').at(-1)}`)
  writeFileSync(join(folder, 'installed'), '')
  return peer
}
