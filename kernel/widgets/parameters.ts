import { inspect } from 'node:util'
import { UsageError } from '../errors.ts'
import { type ChoiceValues, type Options } from './choice.ts'
import { Text } from './controls.ts'
import * as models from './models.generated.ts'
import { Widget } from './widget.ts'

/** A slider: whole numbers only, where all that is given is whole. */
export interface Range {
  readonly min: number
  readonly max: number
  /** Default: 1, or 0.1 where something given is not whole. */
  readonly step?: number
  /** Where it stands first. Default: the middle. */
  readonly value?: number
}

/** A control that has a value. */
export type Control<T = unknown> = Widget & { value: T }

/**
 * What stands for a control: a number for a slider around it, `[min, max]` or `[min, max, step]` for a slider, a boolean
 * for a box to check, a string for a line of text, a Date for a day; any other array, an object or a Map for a choice; or
 * the control itself.
 */
export type Parameter =
  | number | boolean | string | Date | Range | ChoiceValues<unknown> | Widget
  | readonly [min: number, max: number] | readonly [min: number, max: number, step: number] | Options<unknown>

export type Parameters = Readonly<Record<string, Parameter>>

/** What the control of a parameter holds. */
export type ValueOf<P> =
  P extends { readonly [Symbol.dispose]: unknown; value: infer T } ? T
  : P extends number ? number
  : P extends string ? string
  : P extends boolean ? boolean
  : P extends Date ? Date
  : P extends Range | readonly [number, number] | readonly [number, number, number] ? number
  : P extends { readonly options: Options<infer T> } ? T
  : P extends ReadonlyMap<string, infer T> ? T
  : P extends readonly (readonly [string, infer T])[] ? T
  : P extends readonly (infer T)[] ? T
  : P extends Readonly<Record<string, infer T>> ? T
  : unknown

export type ValuesOf<P extends Parameters> = { readonly [Name in keyof P]: ValueOf<P[Name]> }

/** So many letters have room beside a control. */
const NAME_LENGTH = 10

/** What a control has beside it, and in how wide a column. */
interface Label {
  readonly description: string
  readonly style?: { readonly descriptionWidth: string }
}

/** The controls of parameters, with their names beside them: front ends would cut long ones. */
export function controlsOf(parameters: Parameters): readonly (readonly [name: string, control: Control])[] {
  const longest = Math.max(0, ...Object.keys(parameters).map(name => name.length))
  const style = longest > NAME_LENGTH ? { style: { descriptionWidth: `${longest}ch` } } : {}
  return Object.entries(parameters).map(([name, parameter]) => [name, controlOf({ description: name, ...style }, parameter)])
}

function controlOf(label: Label, parameter: Parameter): Control {
  const name = label.description
  if (parameter instanceof Widget) return own(name, parameter)
  const make = MAKERS.find(([fits]) => fits(parameter))?.[1]
  if (!make) throw new UsageError(`There is no control for ${name}: ${inspect(parameter, { depth: 0 })}. Give a number, [min, max], [min, max, step], a boolean, a string, a Date, options, or a widget.`)
  return make(label, parameter as never)
}

type Fits = (parameter: unknown) => boolean
type Make = (label: Label, parameter: never) => Control

const MAKERS: readonly (readonly [Fits, Make])[] = [
  [isFinite, (label, value: number) => slider(label, around(value))],
  [value => typeof value === 'boolean', (label, value: boolean) => new models.Checkbox({ ...label, value })],
  [value => typeof value === 'string', (label, value: string) => new Text({ ...label, value })],
  [value => value instanceof Date, (label, value: Date) => new models.DatePicker({ ...label, value })],
  [isRangeList, (label, [min, max, step]: readonly [number, number, number?]) => slider(label, { min, max, ...(step === undefined ? {} : { step }) })],
  [isRange, (label, range: Range) => slider(label, range)],
  [value => isObject(value) && 'options' in value, (label, values: ChoiceValues<unknown>) => dropdown(label, values)],
  [isObject, (label, options: Options<unknown>) => dropdown(label, { options })]
]

function own(name: string, widget: Widget): Control {
  if (!('value' in widget)) throw new UsageError(`The ${widget.constructor.name} for ${name} has no value: give a control that has one.`)
  if ('description' in widget && widget.description === '') widget.description = name
  return widget as Control
}

/** As ipywidgets has it: from the negative of the number to three times the number. */
function around(value: number): Range {
  if (value === 0) return { min: 0, max: 1, value }
  return { min: Math.min(-value, 3 * value), max: Math.max(-value, 3 * value), value }
}

function slider(label: Label, { min, max, step, value }: Range): Control {
  if (!(min <= max)) throw new UsageError(`The range of ${label.description} must go from a smaller to a greater number, not from ${min} to ${max}.`)
  if (value !== undefined && !(value >= min && value <= max)) throw new UsageError(`The value of ${label.description} must be from ${min} to ${max}, not ${value}.`)
  if (step !== undefined && !(step > 0)) throw new UsageError(`The step of ${label.description} must be greater than 0, not ${step}.`)
  const given = [min, max, step, value].filter(each => each !== undefined)
  const isWhole = given.every(Number.isInteger)
  const size = step ?? (isWhole ? 1 : 0.1)
  const values = { ...label, min, max, step: size, value: value ?? min + Math.floor((max - min) / size / 2) * size }
  return isWhole ? new models.IntSlider(values) : new models.FloatSlider(values)
}

function dropdown(label: Label, values: ChoiceValues<unknown>): Control {
  const made = new models.Dropdown<unknown>({ ...label, ...values })
  if (made.options.length === 0) throw new UsageError(`There is nothing to choose from for ${label.description}: give at least one option.`)
  return made as unknown as Control
}

function isFinite(value: unknown): boolean {
  return Number.isFinite(value)
}

function isRangeList(value: unknown): boolean {
  return Array.isArray(value) && (value.length === 2 || value.length === 3) && value.every(isFinite)
}

function isRange(value: unknown): boolean {
  return isObject(value) && 'min' in value && 'max' in value && isFinite(value.min) && isFinite(value.max)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
