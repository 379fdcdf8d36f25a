import { inspect } from 'node:util'

/** So many characters of a value are enough to know it again. */
const LENGTH = 40

/** A value in a few words, for a trace. */
export function preview(value: unknown): string {
  const shortened = typeof value === 'string' ? value.slice(0, LENGTH * 2) : value
  const options = { depth: 1, breakLength: Infinity, maxArrayLength: 8, maxStringLength: LENGTH, compact: true }
  return short(inspect(shortened, options).replace(/\s+/g, ' '))
}

function short(text: string): string {
  const characters = [...text]
  return characters.length > LENGTH ? `${characters.slice(0, LENGTH - 1).join('')}…` : text
}
