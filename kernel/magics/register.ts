import { UsageError } from '../errors.ts'
import { realm } from '../parallel/client/realm.ts'
import { defineMagic, type Magic, type MagicCall } from './magic.ts'
import type { Options } from './options.ts'
import { table } from './table.ts'

const NAME = /^[\p{L}_][\p{L}\p{N}_-]*$/u

/**
 * Makes a magic of your own: `%name` for a line before the code, `%%name` for a whole cell. A function is both. One of
 * the same name is replaced.
 *
 * @example
 * magic('shout', ({ text }) => text.toUpperCase())
 * // in a later cell
 * %shout hello
 *
 * @example
 * magic('twice', {
 *   summary: 'runs the cell twice, or --times',
 *   options: { times: { type: 'string', value: 'COUNT' } },
 *   async cell({ options, run }) {
 *     for (let time = 0; time < Number(options.times ?? 2); time++) await run()
 *   }
 * })
 */
export function magic<const O extends Options = {}>(name: string, magic: Magic<O> | ((call: MagicCall) => unknown)): void {
  if (realm().arrivals) throw new UsageError('magic() is for the cells of the notebook: a worker has none.')
  if (!NAME.test(name)) throw new UsageError(`A magic's name is a word, not "${name}": without percent signs.`)
  const made = typeof magic === 'function' ? { line: magic, cell: magic } : defineMagic(magic)
  const forms = [...(made.line ? (['%'] as const) : []), ...(made.cell ? (['%%'] as const) : [])]
  if (forms.length === 0) throw new UsageError(`The magic "${name}" does nothing yet: give it a function as line, for %${name}, or as cell, for %%${name}.`)
  table.set(name, { forms, isText: made.isText ?? false, load: () => made })
}
