import type { Plugin } from 'rolldown'

/** Imports as they are written into a bundle, of those of Node's modules that have much behind their names. */
const IMPORT = /^import (.+) from "(node:(?:fs|net|stream|util))";$/gm

/**
 * Takes what a bundle imports of Node's modules out of the modules themselves. An import statement has Node load what
 * is behind each of a module's names, used or not: for these a third of all that a worker loads.
 */
export function builtinModules(): Plugin {
  return { name: 'builtin-modules', renderChunk: code => code.replace(IMPORT, (_, clause: string, module: string) => taken(clause, module)) }
}

/** From `fs, { readSync as read }` or `* as fs`. */
function taken(clause: string, module: string): string {
  const [, whole, parts] = /^(?:\* as )?([\w$]+)?(?:, )?(\{.*\})?$/.exec(clause) ?? []
  const targets = [whole, parts?.replaceAll(' as ', ': ')].filter(target => target !== undefined)
  return `const ${targets.map(target => `${target} = process.getBuiltinModule("${module}")`).join(', ')};`
}
