import module, { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { entryFile } from '../entry-file.ts'
import { loadLocal, localFile } from './local-files.ts'

/** Starts a specifier that is to be resolved as if a file of the notebook's folder had asked. */
const FROM_NOTEBOOK = 'paracell-notebook:'

type Namespace = Readonly<Record<string, unknown>>

export interface Modules extends Disposable {
  /** Imports as a cell does: `paracell` itself, packages and files from the notebook's folder. `names` must be exports. */
  import(specifier: unknown, names?: readonly string[]): Promise<Namespace>
  /** What was imported so far, by specifier. */
  readonly loaded: ReadonlyMap<string, object>
  readonly require: NodeJS.Require
  /** `import.meta` for code of the notebook. */
  readonly meta: Readonly<Record<string, unknown>>
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
  const hooks = module.registerHooks({
    resolve(specifier, context, next) {
      const found = own.get(specifier)
      if (found) return found.load() && { url: found.href, shortCircuit: true }
      const isNotebooks = specifier.startsWith(FROM_NOTEBOOK)
      const wanted = isNotebooks ? specifier.slice(FROM_NOTEBOOK.length) : specifier
      const parentURL = isNotebooks ? place.href : context.parentURL
      const file = parentURL !== undefined && context.conditions.includes('import') ? localFile(wanted, parentURL) : undefined
      return asJson(file ? { url: file.href, shortCircuit: true } : next(wanted, { ...context, parentURL }), context)
    },
    load: (url, context, next) => loadLocal(url) ?? next(url, context)
  })
  const loaded = new Map<string, Namespace>()
  return {
    loaded,
    require: createRequire(place),
    meta: { url: place.href, dirname: folder, filename: fileURLToPath(place) },
    async import(specifier, names = []) {
      const wanted = String(specifier)
      const namespace = own.get(wanted)?.load() ?? (await load(wanted, place))
      checkExports(wanted, namespace, names)
      loaded.set(wanted, namespace)
      return namespace
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

async function load(specifier: string, folder: URL): Promise<Namespace> {
  try {
    return (await import(FROM_NOTEBOOK + specifier)) as Namespace
  } catch (error) {
    throw explain(error, specifier, folder)
  }
}

/** Whoever imports JSON wants its value: what else JavaScript wants to be told for that is known. */
function asJson(found: module.ResolveFnOutput, { importAttributes, conditions }: module.ResolveHookContext): module.ResolveFnOutput {
  const isJson = conditions.includes('import') && new URL(found.url).pathname.endsWith('.json')
  return isJson ? { ...found, importAttributes: { ...importAttributes, type: 'json' } } : found
}

function explain(error: unknown, specifier: string, folder: URL): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND' || !(error as Error).message.includes('notebook.ts')) return error
  const what = /^[./]/.test(specifier) ? `There is no file "${specifier}"` : `There is no package "${specifier}"`
  const mend = /^[./]/.test(specifier) ? 'check the path' : `install it: %install ${specifier}`
  return new Error(`${what} for notebooks in ${path.dirname(folder.pathname)}; ${mend}.`)
}

function checkExports(specifier: string, namespace: Namespace, names: readonly string[]): void {
  const missing = names.find(name => !(name in namespace))
  if (missing !== undefined) throw new SyntaxError(`The module "${specifier}" has no export named "${missing}".`)
}
