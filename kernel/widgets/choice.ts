import { inspect } from 'node:util'
import type { Data } from '../comms/comms.ts'
import { UsageError } from '../errors.ts'
import { same } from './changes.ts'
import { type Spec, Widget } from './widget.ts'

/** What can be chosen: values, which are their own labels, or `[label, value]` pairs, or values by label. */
export type Options<T> = readonly T[] | readonly (readonly [label: string, value: T])[] | ReadonlyMap<string, T> | Readonly<Record<string, T>>

export interface ChoiceValues<T> {
  readonly options: Options<T>
  /** One of the options. Default: the first one; null for none. */
  readonly value?: T | null
}

export interface ChoicesValues<T> {
  readonly options: Options<T>
  /** Some of the options. */
  readonly value?: readonly T[]
}

interface Listed<T> {
  readonly labels: readonly string[]
  readonly values: readonly T[]
}

/** A control with options. Front ends know their labels and what index is chosen; the values stay here. */
abstract class Optional<T> extends Widget {
  #listed: Listed<T>

  constructor(spec: Spec, listed: Listed<T>, values: Data) {
    super(spec, values)
    this.#listed = listed
  }

  get options(): readonly T[] {
    return this.#listed.values
  }

  /** What is chosen stays so where it can. */
  set options(options: Options<T>) {
    const chosen = this.chosen()
    this.#listed = listed(options)
    this.set({ optionsLabels: this.#listed.labels, index: this.indexOf(chosen) })
  }

  get labels(): readonly string[] {
    return this.#listed.labels
  }

  protected abstract chosen(): readonly T[]
  protected abstract indexOf(values: readonly T[]): unknown

  protected at(index: number): T {
    return this.#listed.values[index] as T
  }

  protected indices(values: readonly T[]): readonly number[] {
    return values.map(value => indexIn(this.constructor.name, this.#listed, value))
  }
}

/** A control by which one of several options is chosen. */
export class Choice<T> extends Optional<T> {
  constructor(spec: Spec, { options, value, ...rest }: ChoiceValues<T> & Data) {
    const all = listed(options)
    const first = all.values.length > 0 ? 0 : null
    const index = value === undefined ? first : value === null ? null : indexIn(spec.identity[0].replace(/Model$/, ''), all, value)
    super(spec, all, { ...rest, optionsLabels: all.labels, index })
  }

  get index(): number | null {
    return this.get('index') as number | null
  }

  set index(index: number | null) {
    this.set({ index })
  }

  get value(): T | null {
    return this.index === null ? null : this.at(this.index)
  }

  set value(value: T | null) {
    this.set({ index: value === null ? null : this.indices([value])[0] })
  }

  get label(): string | null {
    return this.index === null ? null : (this.labels[this.index] ?? null)
  }

  protected override notify(name: string, old: unknown, value: unknown): void {
    super.notify(name, old, value)
    if (name === 'index') super.notify('value', old === null ? null : this.at(old as number), this.value)
  }

  protected override chosen(): readonly T[] {
    return this.value === null ? [] : [this.value]
  }

  protected override indexOf([value]: readonly T[]): number | null {
    const index = this.options.findIndex(each => same(each, value))
    return index === -1 ? (this.options.length > 0 ? 0 : null) : index
  }
}

/** A control by which any of several options are chosen. */
export class Choices<T> extends Optional<T> {
  constructor(spec: Spec, { options, value, ...rest }: ChoicesValues<T> & Data) {
    const all = listed(options)
    const chosen = value && { index: value.map(each => indexIn(spec.identity[0].replace(/Model$/, ''), all, each)) }
    super(spec, all, { ...rest, optionsLabels: all.labels, ...chosen })
  }

  get index(): readonly number[] {
    return this.get('index') as readonly number[]
  }

  set index(index: readonly number[]) {
    this.set({ index })
  }

  get value(): readonly T[] {
    return this.index.map(index => this.at(index))
  }

  set value(values: readonly T[]) {
    this.set({ index: this.indices(values) })
  }

  protected override notify(name: string, old: unknown, value: unknown): void {
    super.notify(name, old, value)
    if (name === 'index') super.notify('value', (old as readonly number[]).map(index => this.at(index)), this.value)
  }

  protected override chosen(): readonly T[] {
    return this.value
  }

  protected override indexOf(values: readonly T[]): readonly number[] {
    return values.map(value => this.options.findIndex(each => same(each, value))).filter(index => index !== -1)
  }
}

function listed<T>(options: Options<T>): Listed<T> {
  if (typeof options !== 'object' || options === null) throw new UsageError(`options must be an array, an object or a Map, not ${inspect(options)}.`)
  const isList = Array.isArray(options) && !options.every(each => Array.isArray(each) && each.length === 2 && typeof each[0] === 'string')
  if (isList) return { labels: options.map(label), values: options as readonly T[] }
  const entries = (Array.isArray(options) ? options : options instanceof Map ? [...options] : Object.entries(options)) as readonly (readonly [string, T])[]
  return { labels: entries.map(([name]) => name), values: entries.map(([, value]) => value) }
}

function label(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'function' && value.name ? value.name : inspect(value, { depth: 0, breakLength: Infinity })
}

function indexIn<T>(name: string, { labels, values }: Listed<T>, value: T): number {
  const index = values.findIndex(each => same(each, value))
  if (index === -1) throw new UsageError(`${name}.value must be one of its options, ${labels.join(', ')}, not ${inspect(value, { depth: 0 })}.`)
  return index
}
