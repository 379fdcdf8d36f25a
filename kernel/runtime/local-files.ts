import { readFileSync, realpathSync, statSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type * as Transformer from 'oxc-transform'
import { ROOT } from '../entry-file.ts'
import { aliased } from '../language/aliases.ts'
import { decoratorsOf, hasDecorators, lowerDecorators } from '../language/decorators.ts'
import { parseSync } from '../language/lazy-parser.ts'
import { withPrivateAccess } from '../language/private-members.ts'

const load = createRequire(import.meta.url)

/** What an import without an ending may mean, and one that names the JavaScript that TypeScript would become. */
const ENDINGS = ['.ts', '.tsx', '.mts', '.js', '.mjs', '.jsx', '.json', '/index.ts', '/index.tsx', '/index.js']
const COMPILED: Readonly<Record<string, readonly string[]>> = { '.js': ['.ts', '.tsx'], '.mjs': ['.mts'], '.jsx': ['.tsx'] }

/** The file of the user's own that a path means to a module of the user's own. Undefined for packages, and for what is no file. */
export function localFile(specifier: string, parent: string): string | undefined {
  if (!/^\.{0,2}\//.test(specifier) || !isUsers(parent)) return undefined
  return fileOf(fileURLToPath(new URL(specifier, parent)))
}

/** The file of the user's own that a tsconfig.json has another name for. */
export function aliasedFile(specifier: string, parent: string): string | undefined {
  if (!isUsers(parent)) return undefined
  const found = aliased(specifier, path.dirname(fileURLToPath(parent))).map(fileOf)
  return found.find(file => file !== undefined)
}

function fileOf(wanted: string): string | undefined {
  const ending = path.extname(wanted)
  const bare = wanted.slice(0, wanted.length - ending.length)
  // What only declares is for TypeScript alone.
  if (/\.d\.[cm]?ts$/.test(wanted)) return undefined
  const candidates = [wanted, ...(COMPILED[ending] ?? []).map(other => bare + other), ...ENDINGS.map(other => wanted + other)]
  const found = candidates.find(file => statSync(file, { throwIfNoEntry: false })?.isFile())
  return found === undefined ? undefined : realpathSync(found)
}

/** Whether it is the user's own code that is at an address, and no package's or the kernel's. */
export function isUsers(url: string): boolean {
  return url.startsWith('file:') && !url.includes('/node_modules/') && !url.startsWith(ROOT.href)
}

/** JavaScript for a file in a language that Node doesn't run as it is: TSX, and TypeScript with enums and the like. */
export function loadLocal(url: string): module.LoadFnOutput | undefined {
  const ending = isUsers(url) ? path.extname(new URL(url).pathname) : ''
  if (!/^\.(?:m?ts|[jt]sx)$/.test(ending)) return undefined
  const file = fileURLToPath(url)
  const source = readFileSync(file, 'utf8')
  const isDecorated = hasDecorators(source, () => parseSync(file, source).program)
  const erased = ending.endsWith('x') || isDecorated ? undefined : withoutTypes(source)
  return { format: 'module', source: withPrivateAccess(erased ?? transformed(file, source, isDecorated)), shortCircuit: true }
}

/** With all positions kept; undefined where that can't be. */
function withoutTypes(source: string): string | undefined {
  try {
    return module.stripTypeScriptTypes(source)
  } catch {
    return undefined
  }
}

function transformed(file: string, source: string, isDecorated: boolean): string {
  const { transformSync } = load('oxc-transform') as typeof Transformer
  const decorator = isDecorated ? decoratorsOf(path.dirname(file)) : { legacy: false }
  const { code, errors } = transformSync(file, source, { sourceType: 'module', target: 'esnext', typescript: { allowNamespaces: true }, decorator })
  const [error] = errors.filter(({ severity }) => severity === 'Error')
  if (error) throw new SyntaxError(`${file}: ${error.message}\n${error.codeframe ?? ''}`.trim())
  const lowered = isDecorated && !decorator.legacy ? lowerDecorators(code).code : code
  // The helpers of decorators are the kernel's own dependency, not the notebook's.
  return lowered.replace(/(['"])(@oxc-project\/runtime\/[^'"]+)\1/g, (_, quote: string, helper: string) => quote + import.meta.resolve(helper) + quote)
}
