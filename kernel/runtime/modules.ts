import module, { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { entryFile } from '../entry-file.ts'
import { noteExports } from './at-load.ts'
import { hasExport, withNames } from './exports.ts'
import { LocalAddresses, VERSION } from './local-addresses.ts'
import { aliasedFile, isUsers, loadLocal, localFile } from './local-files.ts'
import { PACKAGE_FILE, PackageFiles } from './package-files.ts'

/** Starts a specifier that is to be resolved as if a file of the notebook's folder had asked. */
const FROM_NOTEBOOK = 'paracell-notebook:'

type Namespace = Readonly<Record<string, unknown>>

export interface Modules extends Disposable {
  /** Imports as a cell does: `paracell` itself, packages and files from the notebook's folder. `names` must be exports. */
  import(specifier: unknown, names?: readonly string[]): Promise<Namespace>
  /** What was imported so far, by specifier. */
  readonly loaded: LoadedModules
  /** What packages have loaded. */
  readonly files: PackageFiles
  readonly require: NodeJS.Require
  /** `import.meta` for code of the notebook. */
  readonly meta: Readonly<Record<string, unknown>>
}

/** Namespaces by specifier. */
export interface LoadedModules extends ReadonlyMap<string, object> {
  /** How often one was new, or another one since its file has changed. */
  readonly changes?: number
}

class Loaded extends Map<string, Namespace> implements LoadedModules {
  changes = 0

  override set(specifier: string, namespace: Namespace): this {
    if (this.get(specifier) === namespace) return this
    this.changes++
    noteExports(namespace)
    return super.set(specifier, namespace)
  }
}

/** Something of the kernel's own that cells import by name. */
interface Own {
  readonly href: string
  load(): Namespace
}

/**
 * Modules for code that is not in any file, as if it were in one of `folder`. `prepare` is called whenever that asks for
 * `paracell`, before that is loaded.
 */
export function openModules(prepare: () => void, folder: string): Modules {
  const place = pathToFileURL(path.join(folder, 'notebook.ts'))
  const own = ownModules(prepare)
  const files = new PackageFiles(place)
  const addresses = new LocalAddresses()
  const hooks = module.registerHooks({
    resolve(specifier, context, next) {
      const found = own.get(specifier)
      if (found) return found.load() && { url: found.href, shortCircuit: true }
      const isNotebooks = specifier.startsWith(FROM_NOTEBOOK)
      const wanted = isNotebooks ? specifier.slice(FROM_NOTEBOOK.length) : specifier
      if (wanted.startsWith(PACKAGE_FILE)) return { url: files.resolve(wanted), shortCircuit: true }
      const parentURL = isNotebooks ? place.href : context.parentURL
      const file = parentURL !== undefined && context.conditions.includes('import') ? localFile(wanted, parentURL) : undefined
      if (file !== undefined) return asJson({ url: addresses.of(file, parentURL as string).href, shortCircuit: true }, context)
      return asJson(otherwise(wanted, { ...context, parentURL }, addresses, () => next(wanted, { ...context, parentURL })), context)
    },
    load: (url, context, next) => {
      files.note(url)
      return loadLocal(url) ?? next(url, context)
    }
  })
  const loaded = new Loaded()
  return {
    loaded,
    files,
    require: createRequire(place),
    meta: { url: place.href, dirname: folder, filename: fileURLToPath(place), resolve: addressOf },
    async import(specifier, names = []) {
      const wanted = String(specifier)
      const namespace = own.get(wanted)?.load() ?? (await load(wanted, place))
      const missing = names.find(name => !hasExport(namespace, name))
      if (missing !== undefined) throw new SyntaxError(`The module "${wanted}" has no export named "${missing}".`)
      loaded.set(wanted, namespace)
      return withNames(namespace, names)
    },
    [Symbol.dispose]: () => hooks.deregister()
  }
}

/** What is imported by the project's name. */
function ownModules(prepare: () => void): ReadonlyMap<string, Own> {
  const own = (name: 'api' | 'widgets'): Own => ({
    href: entryFile(name).href,
    load: () => {
      prepare()
      return loadOwn(name)
    }
  })
  return new Map([['paracell', own('api')], ['paracell/widgets', own('widgets')]])
}

/** The module itself, in whose place a bundle would have an object: by the module is known where a value comes from. */
export function loadOwn(name: 'api' | 'widgets'): Namespace {
  return createRequire(import.meta.url)(fileURLToPath(entryFile(name))) as Namespace
}

/** `import.meta.resolve`. */
function addressOf(specifier: unknown): string {
  const wanted = String(specifier)
  return import.meta.resolve(wanted === 'paracell' || wanted.startsWith('paracell/') ? wanted : FROM_NOTEBOOK + wanted).replace(VERSION, '')
}

async function load(specifier: string, folder: URL): Promise<Namespace> {
  try {
    return (await import(FROM_NOTEBOOK + specifier)) as Namespace
  } catch (error) {
    throw explain(error, specifier, folder)
  }
}

/** What Node doesn't find may be another name of a file, or a part of a package as it would be required. */
function otherwise(specifier: string, { parentURL, conditions }: module.ResolveHookContext, addresses: LocalAddresses, resolve: () => module.ResolveFnOutput): module.ResolveFnOutput {
  try {
    return resolve()
  } catch (error) {
    if (parentURL === undefined || !isUsers(parentURL)) throw error
    const file = aliasedFile(specifier, parentURL)
    const isImport = conditions.includes('import')
    const url = file === undefined ? isPart(specifier) && required(specifier, parentURL) : isImport ? addresses.of(file, parentURL) : pathToFileURL(file)
    if (url) return { url: url.href, shortCircuit: true }
    addresses.lacks(parentURL)
    throw error
  }
}

/** Packages from before ES modules have parts without an ending: `lodash/fp`. */
function isPart(specifier: string): boolean {
  return (packageNameOf(specifier)?.length ?? specifier.length) < specifier.length
}

function required(specifier: string, parent: string): URL | undefined {
  try {
    return pathToFileURL(createRequire(parent).resolve(specifier))
  } catch {
    return undefined
  }
}

/** Whoever imports JSON wants its value: what else JavaScript wants to be told for that is known. */
function asJson(found: module.ResolveFnOutput, { importAttributes, conditions }: module.ResolveHookContext): module.ResolveFnOutput {
  const isJson = conditions.includes('import') && new URL(found.url).pathname.endsWith('.json')
  return isJson ? { ...found, importAttributes: { ...importAttributes, type: 'json' } } : found
}

function explain(error: unknown, specifier: string, folder: URL): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND' || !(error as Error).message.includes('notebook.ts')) return error
  const name = packageNameOf(specifier)
  const where = `for notebooks in ${path.dirname(folder.pathname)}`
  if (name === undefined) return new Error(`There is no file "${specifier}" ${where}; check the path.`)
  if (isInstalled(name, folder)) return new Error(`The package "${name}" has no part "${specifier}" ${where}.`)
  return new Error(`There is no package "${name}" ${where}; install it: %install ${name}.`)
}

function packageNameOf(specifier: string): string | undefined {
  return /^(?:@[^/]+\/)?[^./@][^/]*/.exec(specifier)?.[0]
}

function isInstalled(name: string, folder: URL): boolean {
  try {
    return module.findPackageJSON(name, folder) !== undefined
  } catch {
    return false
  }
}
