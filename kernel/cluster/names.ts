import type { Key } from './key.ts'

/** Everything in Redis begins with this. */
const PREFIX = 'paracell'
/** Where it is noted which keys are in use. */
export const KEYS = `${PREFIX}:keys`

/** What the things of a cluster are called in Redis. */
export class Names {
  readonly fingerprint: string
  readonly prefix: string

  constructor({ fingerprint }: Key) {
    this.fingerprint = fingerprint
    this.prefix = `${PREFIX}:${fingerprint}`
  }

  inbox(endpoint: string): string {
    return `${this.prefix}:inbox:${endpoint}`
  }

  /** Is there as long as the endpoint lives. */
  pulse(endpoint: string): string {
    return `${this.prefix}:pulse:${endpoint}`
  }

  get machines(): string {
    return `${this.prefix}:machines`
  }
}

/** The queue of the jobs that need these tags. */
export function queueOf(tags: readonly string[]): string {
  return ['jobs', ...[...new Set(tags)].toSorted()].join('+')
}
