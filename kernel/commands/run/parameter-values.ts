import { inspect, isDeepStrictEqual } from 'node:util'
import { UsageError } from '../../errors.ts'
import type { Type } from './parameter-types.ts'

/** What was given for a parameter, and where. */
export interface Given {
  readonly name: string
  /** As messages say where it was given, such as `-p count=5`. */
  readonly place: string
  /** On a command line, commas separate several values; a file has the value itself. */
  readonly value: { readonly text: string } | { readonly data: unknown }
}

/**
 * The values that a parameter is to have, one a run: several where commas separate them, or where a list is given for
 * what is no list. A comma in a text is one of the text where a space follows, or within quotes.
 *
 * @throws UsageError for a value that doesn't fit the type
 * @example valuesOf(number, { name: 'count', place: '-p count=1,2', value: { text: '1,2' } }) // [1, 2]
 */
export function valuesOf(type: Type, { place, value }: Given): readonly unknown[] {
  const values = 'text' in value ? ofText(type, value.text, place) : ofData(type, value.data, place)
  if (values.length === 0) throw new UsageError(`${place}: the list is empty, so that there would be nothing to run.`)
  const twice = values.find((each, index) => values.findIndex(other => isDeepStrictEqual(each, other)) < index)
  if (twice !== undefined) throw new UsageError(`${place}: ${inspect(twice)} is there twice.`)
  return values
}

function ofData(type: Type, data: unknown, place: string): readonly unknown[] {
  const one = fromData(type, data)
  if (one) return [one.value]
  const each = Array.isArray(data) ? data.map(item => fromData(type, item)) : [undefined]
  return each.map((found, index) => (found ?? misfit(type, place, Array.isArray(data) ? JSON.stringify(data[index]) : undefined)).value)
}

/** What YAML takes for something else is a text where a text is wanted, such as 007. */
function fromData(type: Type, data: unknown): Found | undefined {
  if (type.accepts(data)) return { value: data }
  return typeof data === 'string' ? read(type, data) : (isScalar(data) && accepted(type, String(data))) || undefined
}

function ofText(type: Type, text: string, place: string): readonly unknown[] {
  const whole = read(type, text)
  if (whole && (!isFreeText(type) || parsed(text))) return [whole.value]
  const items = split(text, isFreeText(type))
  if (items.length === 1 && whole) return [whole.value]
  const alternatives = items.map(item => (item === '' ? undefined : read(type, item)))
  if (alternatives.every(found => found !== undefined)) return alternatives.map(({ value }) => value)
  const list = listOf(type, items) ?? listed(type, text)
  if (list) return list
  if (items.includes('')) throw new UsageError(`${place}: a value is missing beside a comma; a text that has one goes into quotes, as in '"a,b"'.`)
  const wrong = items.find((item, index) => !read(type.item?.(index) ?? type, item))
  return misfit(type, place, items.length > 1 ? wrong : undefined)
}

/** Several items are one list where a list is wanted. */
function listOf(type: Type, items: readonly string[]): readonly unknown[] | undefined {
  const found = type.item && items.map((item, index) => read(type.item?.(index) as Type, item))
  const list = found?.map(each => each?.value)
  return list && found?.every(each => each) && type.accepts(list) ? [list] : undefined
}

/** A list as JSON where no list is wanted: one run for each. */
function listed(type: Type, text: string): readonly unknown[] | undefined {
  const list = parsed(text)?.value
  return Array.isArray(list) && list.every(type.accepts) ? list : undefined
}

interface Found {
  readonly value: unknown
}

/** A text as a value: JSON, a number as TypeScript writes it, or just the text. */
function read(type: Type, text: string): Found | undefined {
  const json = parsed(text)
  const number = text.trim() !== '' && !Number.isNaN(Number(text)) ? { value: Number(text) } : undefined
  const bigint = /^-?\d+n?$/.test(text) ? { value: BigInt(text.replace('n', '')) } : undefined
  return [json, number, bigint, { value: text }].find(found => found && type.accepts(found.value))
}

function accepted(type: Type, text: string): Found | undefined {
  return type.accepts(text) ? { value: text } : undefined
}

function parsed(text: string): Found | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

function isScalar(data: unknown): boolean {
  return typeof data === 'number' || typeof data === 'boolean'
}

function isFreeText(type: Type): boolean {
  return type.accepts('any text')
}

/** At commas that are in no quotes or brackets that an item begins with; of free text, only where no space follows. */
function split(text: string, isFree: boolean): readonly string[] {
  const items: string[] = []
  for (let rest: string | undefined = text; rest !== undefined; ) {
    const item: string = quoted(rest) ?? (isFree ? /^(?:[^,]|,\s)*/ : /^[^,]*/).exec(rest)?.[0] ?? ''
    items.push(isFree ? item : item.trim())
    rest = item.length < rest.length ? rest.slice(item.length + 1) : undefined
  }
  return items
}

/** The JSON that a text begins with, up to a comma or the end. */
function quoted(text: string): string | undefined {
  if (!/^\s*["[{]/.test(text)) return undefined
  for (let end = text.indexOf(','); end !== -1; end = text.indexOf(',', end + 1)) if (parsed(text.slice(0, end))) return text.slice(0, end)
  return parsed(text) ? text : undefined
}

function misfit(type: Type, place: string, item: string | undefined): never {
  const wanted = /^(string|number|boolean)$/.test(type.text) ? `a ${type.text}` : type.text
  throw new UsageError(`${place}: the notebook wants ${wanted}${item === undefined ? '' : `, and ${item} does not fit`}.`)
}
