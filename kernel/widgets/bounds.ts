import { UsageError } from '../errors.ts'
import type { Data } from '../comms/comms.ts'

/**
 * Keeps the value of a control between its `min` and `max`: a value that is given has to fit, one that was there before
 * moves when they do. Returns what moves.
 */
export function keepInBounds(name: string, state: Data, given: Data): Data {
  checkIndex(name, state, given)
  const [min, max, value] = ['min', 'max', 'value'].map(each => (each in given ? given : state)[each])
  const isGiven = 'min' in given || 'max' in given || 'value' in given
  if (!isGiven || !(typeof min === 'number' || min instanceof Date) || typeof max !== typeof min) return {}
  const [least, most] = [min.valueOf(), (max as number | Date).valueOf()]
  if (least > most) throw new UsageError(`${name}.min must not be greater than its max: ${shown(min)} and ${shown(max)} were given.`)
  const inside = Array.isArray(value) ? value.map(each => clamp(each, least, most)) : clamp(value, least, most)
  if (isSame(value, inside)) return {}
  if ('value' in given) throw new UsageError(`${name}.value must be from ${shown(min)} to ${shown(max)}, not ${shown(value)}.`)
  return { value: inside }
}

/** What is chosen has to be one of the options. */
function checkIndex(name: string, state: Data, { index, optionsLabels = state['optionsLabels'] }: Data): void {
  if (!Array.isArray(optionsLabels) || index === undefined || index === null) return
  const wrong = [index].flat().find(each => !((each as number) in optionsLabels))
  if (wrong !== undefined) throw new UsageError(`${name}.index must be from 0 to ${optionsLabels.length - 1}, not ${String(wrong)}.`)
}

function clamp(value: unknown, least: number, most: number): unknown {
  if (value instanceof Date) return new Date(Math.min(Math.max(value.getTime(), least), most))
  return typeof value === 'number' ? Math.min(Math.max(value, least), most) : value
}

function isSame(one: unknown, other: unknown): boolean {
  return String(one) === String(other)
}

function shown(value: unknown): string {
  return value instanceof Date ? value.toISOString() : JSON.stringify(value)
}
