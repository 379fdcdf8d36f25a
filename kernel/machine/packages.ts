import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Package } from '../cluster/ticket.ts'
import { versionOf } from '../parallel/cluster/needed-packages.ts'

/** How much of what npm says on failure is passed on. */
const LONGEST_COMPLAINT = 600

/** The folder where a job finds the packages that it needs: the machine's own, or one that they are installed in. */
export class Packages {
  readonly #mayInstall: boolean
  readonly #installing = new Map<string, Promise<string>>()

  constructor(mayInstall: boolean) {
    this.#mayInstall = mayInstall
  }

  /** Rejects, with what is missing and what to do, when they are not there and may not be installed. */
  async provide(packages: readonly Package[]): Promise<string> {
    const own = process.cwd()
    const missing = packages.filter(each => versionIn(own, each) !== each.version)
    if (missing.length === 0) return own
    if (!this.#mayInstall) throw new Error(complaint(own, missing))
    const id = createHash('sha256').update(JSON.stringify(packages.map(spell).toSorted())).digest('hex').slice(0, 16)
    const installing = this.#installing.get(id) ?? install(id, packages)
    this.#installing.set(id, installing)
    // What has failed once may go better another time.
    return installing.finally(() => this.#installing.delete(id))
  }
}

function complaint(folder: string, missing: readonly Package[]): string {
  const wanted = missing.map(each => {
    const present = versionIn(folder, each)
    return `${each.name} ${each.version}${present === undefined ? '' : ` (there is ${present})`}`
  })
  return `it needs ${wanted.join(', ')}. Install that in ${folder} there (npm install ${missing.map(spell).join(' ')}), or start the worker with --install.`
}

async function install(id: string, packages: readonly Package[]): Promise<string> {
  const [{ default: envPaths }, { execa }] = await Promise.all([import('env-paths'), import('execa')])
  const folder = join(envPaths('paracell', { suffix: '' }).cache, 'packages', id)
  if (await stat(folder).catch(() => undefined)) return folder
  await mkdir(dirname(folder), { recursive: true })
  const unfinished = await mkdtemp(`${folder}-`)
  try {
    await writeFile(join(unfinished, 'package.json'), '{ "private": true }\n')
    const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages.map(spell)]
    const { exitCode, stderr } = await execa('npm', args, { cwd: unfinished, reject: false, stdin: 'ignore' })
    if (exitCode !== 0) throw new Error(`npm could not install ${packages.map(spell).join(' ')}: ${stderr.slice(-LONGEST_COMPLAINT).trim()}`)
    // Another worker of this machine may have been quicker.
    await rename(unfinished, folder).catch(async (error: NodeJS.ErrnoException) => {
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code ?? '')) throw error
    })
    return folder
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

const spell = ({ name, version }: Package): string => `${name}@${version}`

function versionIn(folder: string, { name }: Package): string | undefined {
  return versionOf(name, pathToFileURL(join(folder, 'notebook.ts')))
}
