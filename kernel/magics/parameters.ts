import { UsageError } from '../errors.ts'
import type { Parameter } from '../widgets/parameters.ts'
import { variableName } from './options.ts'

/**
 * Parameters as a magic's line has them: `count=5` and `count=1:10` or `count=0:1:0.1` for sliders, `fast=true` for a
 * box to check, `kind=thread,process` for a choice, anything else for a line of text.
 */
export function readParameters(magic: string, words: readonly string[]): Readonly<Record<string, Parameter>> {
  if (words.length === 0) throw new UsageError(`${magic}: --interact needs parameters, such as count=1:10 name=Hello.`)
  return Object.fromEntries(words.map(word => readParameter(magic, word)))
}

function readParameter(magic: string, word: string): readonly [name: string, parameter: Parameter] {
  const [, name, text] = /^([^=]+)=(.*)$/s.exec(word) ?? []
  if (name === undefined || text === undefined) throw new UsageError(`${magic}: "${word}" is no parameter: write NAME=VALUE, such as count=1:10.`)
  return [variableName(name), parameterOf(text)]
}

/** The TypeScript of what a parameter holds. */
export function typeOfParameter(text: string): string {
  const parameter = parameterOf(text)
  const { options } = typeof parameter === 'object' ? (parameter as { readonly options?: readonly unknown[] }) : {}
  if (options) return options.map(each => JSON.stringify(each)).join(' | ')
  return typeof parameter === 'object' ? 'number' : typeof parameter
}

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i

function parameterOf(text: string): Parameter {
  if (text === 'true' || text === 'false') return text === 'true'
  if (NUMBER.test(text)) return Number(text)
  const range = text.split(':')
  if ((range.length === 2 || range.length === 3) && range.every(each => NUMBER.test(each))) return range.map(Number) as [number, number]
  if (!text.includes(',')) return text
  const options = text.split(',').map(each => each.trim())
  return { options: options.every(each => NUMBER.test(each)) ? options.map(Number) : options }
}
