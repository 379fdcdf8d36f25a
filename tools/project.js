// What `npm start` and `npm test` do before anything is installed: plain JavaScript for whatever Node the machine has.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const ownNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** Brings the packages up to date with the lock file, Node 24 among them. */
export async function installPackages() {
  const installed = modified(join(root, 'node_modules', '.package-lock.json'))
  if (existsSync(ownNode) && installed >= modified(join(root, 'package-lock.json'))) return
  console.error('Installing the packages …')
  // Not `npm ci`: that refuses a lock file in which other systems' optional packages are missing.
  const install = () => npm('install', '--no-save', '--loglevel', 'error')
  if ((await install()) === 0) return
  console.error('That failed; trying once more …')
  if ((await install()) === 0) return
  throw new Error('The packages could not be installed: check the network (or the proxy), then try again.')
}

/** Builds dist/ if a source is newer. */
export async function build() {
  const sources = ['kernel', 'tools', 'package-lock.json', 'package.json', 'kernel.json', 'rolldown.config.ts', 'tsconfig.build.json']
  const newest = Math.max(...sources.map((name) => newestIn(join(root, name))))
  if (modified(join(root, 'dist', 'api.d.ts')) > newest) return
  console.error('Building …')
  if ((await npm('run', 'build', '--silent')) !== 0) throw new Error('The build failed, see above.')
}

/** Runs the project's own Node; resolves to its exit code. Signals go on to it. */
export function node(...args) {
  return run(ownNode, args)
}

/** Runs the steps and says in one line what went wrong. */
export async function main(steps) {
  try {
    process.exitCode = await steps()
  } catch (error) {
    console.error(`paracell: ${error.message}`)
    process.exitCode = 1
  }
}

function npm(...args) {
  const script = process.env.npm_execpath
  return script ? run(process.execPath, [script, ...args]) : run('npm', args)
}

function run(command, args) {
  const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path } })
  const forward = (signal) => child.kill(signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, forward)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      for (const each of signals) process.off(each, forward)
      resolve(signal ? 1 : code)
    })
  })
}

function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function newestIn(path) {
  if (!statSync(path).isDirectory()) return modified(path)
  return Math.max(0, ...readdirSync(path).map((name) => newestIn(join(path, name))))
}
