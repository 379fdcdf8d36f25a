import { existsSync, readFileSync } from 'node:fs'
import { createRequire, findPackageJSON } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ROOT } from '../entry-file.ts'

/** TypeScript's own language server, the program for this system; beside it are the types of the language. */
export async function typescriptProgram(): Promise<string> {
  const file = path.join(path.dirname(manifestOf('typescript', import.meta.url)), 'lib', 'getExePath.js')
  const { default: getExePath } = (await import(pathToFileURL(file).href)) as { default(): string }
  return getExePath()
}

/**
 * The folder with the types of the language, found as TypeScript finds its program, beside which they are. Where they are
 * elsewhere, TypeScript is asked, which takes longer.
 */
export async function languageTypes(): Promise<string> {
  try {
    const own = manifestOf(`@typescript/typescript-${process.platform}-${process.arch}`, manifestOf('typescript', import.meta.url))
    const folder = path.join(path.dirname(own), 'lib')
    if (existsSync(path.join(folder, 'lib.esnext.d.ts'))) return folder
  } catch {
    // It has another form.
  }
  return path.dirname(await typescriptProgram())
}

/** The types of Node that the notebook's folder has, else our own. */
export function nodeTypes(folder: string): string | undefined {
  for (const from of [path.join(folder, 'notebook.ts'), import.meta.url]) {
    try {
      return path.join(path.dirname(manifestOf('@types/node', from)), 'index.d.ts')
    } catch {
      continue
    }
  }
  return undefined
}

/** Where a package that a file may import has its package.json. Node finds it so in a third of the time that it takes to resolve it. */
function manifestOf(name: string, from: string): string {
  const manifest = findPackageJSON(name, from)
  if (manifest === undefined) throw new Error(`${name} isn't installed`)
  return manifest
}

/** The types of `paracell`: those of the build, or the source where nothing was built. */
export function ownTypes(): string {
  const [built, source] = ['api.d.ts', 'api.ts'].map(name => fileURLToPath(new URL(name, ROOT)))
  return (built !== undefined && existsSync(built) ? built : source) ?? ''
}

/** The file with the types of what is imported by this specifier from a folder or a file of it; undefined where there is none. */
export function typesOf(specifier: string, folder: string): string | undefined {
  if (specifier === 'paracell') return ownTypes()
  if (specifier.startsWith('.')) return localTypes(path.resolve(folder, specifier))
  const [, name = '', rest = ''] = /^((?:@[^/]+\/)?[^/]+)(.*)$/.exec(specifier) ?? []
  for (const each of [name, `@types/${name.replace(/^@([^/]+)\//, '$1__')}`]) {
    const found = packageTypes(each, `.${rest}`, folder)
    if (found !== undefined) return found
  }
  return undefined
}

const endings: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.d\.[mc]?ts$/, ['']],
  [/\.([mc]?)[jt]s$/, ['.d.$1ts', '.$1ts']],
  [/$/, ['.d.ts', '.ts', '/index.d.ts']]
]

function localTypes(file: string): string | undefined {
  const candidates = endings.flatMap(([ending, others]) => (ending.test(file) ? others.map(other => (other === '' ? file : file.replace(ending, other))) : []))
  return candidates.find(candidate => existsSync(candidate))
}

function packageTypes(name: string, subpath: string, folder: string): string | undefined {
  const home = createRequire(path.join(folder, 'notebook.ts')).resolve.paths(name)?.map(place => path.join(place, name)).find(place => existsSync(path.join(place, 'package.json')))
  if (home === undefined) return undefined
  const manifest = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')) as Manifest
  const whole = manifest.types ?? manifest.typings ?? manifest.main ?? 'index'
  const target = manifest.exports === undefined ? (subpath === '.' ? whole : subpath) : typed(exported(manifest.exports, subpath))
  return target === undefined ? undefined : localTypes(path.join(home, target))
}

interface Manifest {
  readonly types?: string
  readonly typings?: string
  readonly main?: string
  readonly exports?: Exports
}

type Exports = string | null | { readonly [condition: string]: Exports }

function exported(exports: Exports, subpath: string): Exports | undefined {
  if (typeof exports !== 'object' || exports === null || !Object.keys(exports).some(key => key.startsWith('.'))) return subpath === '.' ? exports : undefined
  return exports[subpath]
}

/** The first file that a package gives to who imports it. */
function typed(exports: Exports | undefined): string | undefined {
  if (typeof exports !== 'object' || exports === null) return exports ?? undefined
  for (const condition of ['types', 'import', 'node', 'default', 'require']) {
    const found = typed(exports[condition])
    if (found !== undefined) return found
  }
  return undefined
}
