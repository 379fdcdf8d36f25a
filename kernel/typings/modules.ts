import { isBuiltin } from 'node:module'
import type { Library, Source } from './library.ts'
import { type Meaning, Packages } from './packages.ts'

/** What is imported; undefined where that takes more than to read. */
export function imported(library: Library, { specifier, imported: name }: { readonly specifier: string; readonly imported: string }, folder: string): Meaning | undefined {
  const module = isBuiltin(specifier) ? builtin(library, specifier.replace(/^node:/, '')) : new Packages(library).open(specifier, folder)
  if (!module?.exported) return module && name !== 'default' && name !== '*' ? { ...module, member: name } : module
  if (name === '*') return module
  return module.exported(name) ?? (name === 'default' && isBuiltin(specifier) ? module : undefined)
}

/** Node's modules have two names each; one of them only says that it is the other. */
function builtin(library: Library, name: string): Meaning | undefined {
  const text = library.nodeText(`${name}.d.ts`)
  for (const called of [`"node:${name}"`, `"${name}"`]) {
    const [block] = new RegExp(`^declare module ${called} \\{$[^]*?^\\}$`, 'm').exec(text) ?? []
    if (block === undefined || /^ {4}export \* from "(?:node:)?[^"]+";\s*\}$/m.test(block)) continue
    const whole = /^ {4}export = ([\w$]+);$/m.exec(block)?.[1]
    if (whole === undefined) return { source: library, statements: [], exported: each => named(library, each, [called]) }
    if (!/^ {4}import \w+ = require\(/m.test(block)) return named(library, whole, [called])
  }
  return undefined
}

function named(source: Source, name: string, scope: readonly string[]): Meaning | undefined {
  const statements = source.statements(name, scope).filter(({ kind }) => kind !== 'import')
  return statements.length > 0 ? { source, statements } : undefined
}
