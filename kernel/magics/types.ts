import { UsageError } from '../errors.ts'
import { defineMagic } from './magic.ts'

/** Takes effect before the cell reaches the session; only code that a magic runs gets here. */
export const typesMagic = defineMagic({
  summary: 'what type errors do: strict keeps a cell from running, warn shows them under it, off looks for none, none asks for no types at all',
  words: '[strict|warn|off|none]',
  line() {
    throw new UsageError('%types has to be among the first lines of a cell, before every %%magic.')
  }
})
