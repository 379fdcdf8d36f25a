import { UsageError } from '../../errors.ts'
import type { Mode } from './parcel.ts'

/** One value that can't be sent to another thread or process. */
export interface Obstacle {
  /** How it is reached: `runSomething → config.socket (notebook variable "config")`. */
  readonly path: string
  /** What it is: `a net.Socket`. */
  readonly what: string
  /** What to do instead. */
  readonly hint: string
}

/** Thrown before anything starts when a value, or something that it uses, can't be sent to a worker. */
export class CannotTravelError extends UsageError {
  readonly obstacles: readonly Obstacle[]

  constructor(what: string, mode: Mode, obstacles: readonly Obstacle[], options?: ErrorOptions) {
    super(sentence(what, mode, obstacles), options)
    this.obstacles = obstacles
  }
}

const shown = 10

function sentence(what: string, mode: Mode, obstacles: readonly Obstacle[]): string {
  const destination = mode === 'copy' ? 'process' : 'thread'
  const lines = obstacles.slice(0, shown).map(each => `  ${each.path || what} is ${each.what}: ${each.hint}`)
  const rest = obstacles.length - lines.length
  if (rest > 0) lines.push(`  and ${rest} more`)
  return `Can't send ${what} to another ${destination}:\n${lines.join('\n')}`
}
