import { bytesOf } from '../comms/buffers.ts'
import type { Widget } from './widget.ts'

/** One attribute of a widget: its default, what it may be, and how it travels. */
export interface Attribute<T> {
  readonly initial: T
  /** What it must be, to end a sentence that begins with "must be"; undefined when the value is right. */
  problem(value: unknown): string | undefined
  /** What the protocol calls it. Default: the name in snake case. */
  readonly wire?: string
  /** As front ends have it, where that differs. */
  toWire?(value: T): unknown
  fromWire?(value: unknown): T
}

type Check = (value: unknown) => boolean

const kind = <T>(wanted: string, check: Check) => (initial: T): Attribute<T> => ({ initial, problem: value => (check(value) ? undefined : wanted) })
const isString: Check = value => typeof value === 'string'

export const text = kind<string>('a string', isString)
export const boolean = kind<boolean>('true or false', value => typeof value === 'boolean')
export const integer = kind<number>('a whole number', Number.isSafeInteger)
export const number = kind<number>('a number', value => typeof value === 'number' && Number.isFinite(value))
export const texts = kind<readonly string[]>('an array of strings', value => Array.isArray(value) && value.every(isString))
export const integers = kind<readonly number[]>('an array of whole numbers', value => Array.isArray(value) && value.every(Number.isSafeInteger))
export const numbers = kind<readonly number[]>('an array of numbers', value => Array.isArray(value) && value.every(Number.isFinite))
export const textOrNumber = kind<string | number>('a string or a number', value => isString(value) || Number.isFinite(value))

export const oneOf = <const T extends string>(allowed: readonly T[], initial: NoInfer<T>): Attribute<T> => ({
  initial,
  problem: value => (allowed.includes(value as T) ? undefined : `one of ${allowed.map(each => `'${each}'`).join(', ')}`)
})

/** Also `null`. */
export function nullable<T>({ toWire, fromWire, ...attribute }: Attribute<T>): Attribute<T | null> {
  return {
    initial: null,
    problem: value => (value === null ? undefined : orNull(attribute.problem(value))),
    ...(toWire && { toWire: value => (value === null ? null : toWire(value)) }),
    ...(fromWire && { fromWire: value => (value === null ? null : fromWire(value)) })
  }
}

/** Binary: any view of bytes, or a string, which stands for its bytes in UTF-8. */
export const bytes: Attribute<Uint8Array> = {
  initial: new Uint8Array(),
  problem: value => (bytesOf(value) ? undefined : 'a Uint8Array'),
  fromWire: value => bytesOf(value) ?? new Uint8Array()
}

/** A day: the time of a Date is ignored. */
export const date: Attribute<Date> = {
  ...kind<Date>('a Date', isDate)(new Date(0)),
  toWire: value => ({ year: value.getFullYear(), month: value.getMonth(), date: value.getDate() }),
  fromWire: value => new Date(...fields(value, ['year', 'month', 'date']))
}

/** A moment. */
export const datetime: Attribute<Date> = {
  ...kind<Date>('a Date', isDate)(new Date(0)),
  toWire: value => ({
    year: value.getUTCFullYear(), month: value.getUTCMonth(), date: value.getUTCDate(),
    hours: value.getUTCHours(), minutes: value.getUTCMinutes(), seconds: value.getUTCSeconds(), milliseconds: value.getUTCMilliseconds()
  }),
  fromWire: value => new Date(Date.UTC(...fields(value, ['year', 'month', 'date', 'hours', 'minutes', 'seconds', 'milliseconds'])))
}

const TIME = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?$/

/** A time of day, such as `'14:30'` or `'14:30:15.250'`. */
export const time: Attribute<string> = {
  ...kind<string>("a time such as '14:30' or '14:30:15.250'", value => typeof value === 'string' && TIME.test(value))('00:00'),
  toWire: value => {
    const [, hours, minutes, seconds = 0, fraction = ''] = TIME.exec(value) ?? []
    return { hours: Number(hours), minutes: Number(minutes), seconds: Number(seconds), milliseconds: Number(fraction.padEnd(3, '0')) }
  },
  fromWire: value => {
    const [hours, minutes, seconds, milliseconds] = fields(value, ['hours', 'minutes', 'seconds', 'milliseconds'])
    const two = (part: number) => String(part).padStart(2, '0')
    return `${two(hours)}:${two(minutes)}:${two(seconds)}${milliseconds ? `.${String(milliseconds).padStart(3, '0')}` : ''}`
  }
}

export interface Reference<W extends Widget> extends Attribute<W> {
  readonly make: () => W
}

/** A widget that belongs to another, such as its layout: made when it is first asked for; front ends do without it until then. */
export const reference = <W extends Widget>(Class: () => new () => W): Reference<W> => ({
  // Front ends understand that there is none; who asks here gets one.
  initial: null as unknown as W,
  problem: value => (value === null || isWidget(value) ? undefined : `a ${Class().name}`),
  toWire: value => value && nameOf(value),
  make: () => new (Class())()
})

export const children: Attribute<readonly Widget[]> = {
  ...kind<readonly Widget[]>('an array of widgets', value => Array.isArray(value) && value.every(isWidget))([]),
  toWire: value => value.map(nameOf)
}

/** A file that a user has chosen. */
export interface UploadedFile {
  readonly name: string
  /** Its media type, as the browser sees it. */
  readonly type: string
  /** In bytes. */
  readonly size: number
  readonly lastModified: Date
  readonly content: Uint8Array
}

export const files: Attribute<readonly UploadedFile[]> = {
  ...kind<readonly UploadedFile[]>('an array of files', Array.isArray)([]),
  toWire: value => value.map(({ lastModified, ...file }) => ({ ...file, last_modified: lastModified.getTime() })),
  fromWire: value => (value as (UploadedFile & { readonly last_modified: number })[]).map(({ last_modified, ...file }) => ({
    ...file, lastModified: new Date(last_modified), content: bytesOf(file.content) ?? new Uint8Array()
  }))
}

/** What an Output widget shows, as notebooks store outputs. */
export type Outputs = readonly Readonly<Record<string, unknown>>[]
export const outputs: Attribute<Outputs> = kind<Outputs>('an array of outputs', Array.isArray)([])

/** A widget and the name of one of its attributes. */
export const end: Attribute<readonly [widget: Widget, attribute: string] | readonly []> = {
  initial: [],
  problem: value => (Array.isArray(value) && isWidget(value[0]) && isString(value[1]) ? undefined : "a widget and the name of an attribute, as in [slider, 'value']"),
  toWire: value => (value[0] ? [nameOf(value[0]), wireName(String(value[1]))] : [])
}

/** What the protocol calls an attribute: `readoutFormat` is `readout_format` there. */
export function wireName(name: string, attribute?: Attribute<unknown>): string {
  if (attribute?.wire !== undefined) return attribute.wire
  return (name === 'domClasses' || name === 'optionsLabels' ? '_' : '') + name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}

function nameOf(widget: Widget): string {
  return `IPY_MODEL_${widget.id}`
}

function orNull(problem: string | undefined): string | undefined {
  return problem && `${problem} or null`
}

function isDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime())
}

function isWidget(value: unknown): boolean {
  return typeof value === 'object' && value !== null && WIDGET in value
}

/** What all widgets have. */
export const WIDGET = Symbol.for('paracell.widget')

type Numbers<Names extends readonly string[]> = { [Index in keyof Names]: number }

function fields<const Names extends readonly string[]>(value: unknown, names: Names): Numbers<Names> {
  return names.map(name => Number((value as Record<string, unknown>)[name] ?? 0)) as unknown as Numbers<Names>
}
