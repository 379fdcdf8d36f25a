import { CellSyntaxError } from '../language/syntax-error.ts'
import { table } from './table.ts'

const LINES = /^[^\S\n]*(%%?)([\w-]+)/gm

/** What to say when code failed that has a magic in the middle, where its percent sign is taken for a remainder. */
export function misplacedMagic(code: string, failure: unknown): string | undefined {
  for (const [, form, name = ''] of code.matchAll(LINES)) {
    const isIt = failure instanceof CellSyntaxError || (failure instanceof ReferenceError && failure.message.startsWith(`${name} `))
    if (isIt && table.get(name)?.forms.some(known => known === form)) return `Magics stand before the code: move ${form}${name} to the top of a cell.`
  }
  return undefined
}
