import { inspect } from 'node:util'
import { mime } from '../display/display.ts'
import { type Column, toTable } from '../display/table.ts'
import { defineMagic, type MagicVariable } from './magic.ts'

const LENGTH = 80

const columns: readonly Column<MagicVariable>[] = [
  { title: 'name', text: ({ name }) => name },
  { title: 'kind', text: ({ kind }) => kind },
  { title: 'value', text: ({ value }) => short(value) }
]

export const whoMagic = defineMagic({
  summary: 'the notebook\'s variables, functions, classes and imports; NAME may have * in it',
  words: '[NAME…]',
  line({ words, notebook }) {
    const patterns = words.map(word => new RegExp(`^${word.split('*').map(part => RegExp.escape(part)).join('.*')}$`))
    const found = notebook.variables().filter(({ name }) => patterns.length === 0 || patterns.some(pattern => pattern.test(name)))
    if (found.length === 0) console.log(words.length === 0 ? 'Nothing is declared.' : `Nothing is called ${words.join(' or ')}.`)
    return found.length === 0 ? undefined : mime(toTable(columns, found))
  }
})

function short(value: unknown): string {
  const text = inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 10, maxStringLength: LENGTH }).replace(/\s+/g, ' ')
  return text.length > LENGTH ? `${text.slice(0, LENGTH - 1)}…` : text
}
