import type { Redis } from 'ioredis'
import { KEYS, type Names } from './names.ts'

/** A machine of the cluster: what `paracell worker` has said about itself, two seconds ago at most. */
export interface MachineReport {
  readonly name: string
  readonly host: string
  readonly pid: number
  readonly tags: readonly string[]
  /** How many jobs it runs at a time. */
  readonly concurrency: number
  readonly running: number
  /** Whether it takes new ones. */
  readonly state: 'ready' | 'draining'
  /** How many programs want a core, on average over the last minute. */
  readonly load: number
  readonly cores: number
  /** Of the machine, in MB. */
  readonly memory: { readonly free: number; readonly total: number }
  readonly node: string
  readonly since: Date
}

/** The machines that are there. */
export async function machines(redis: Redis, names: Names): Promise<MachineReport[]> {
  const ids = await redis.zrangebyscore(names.machines, Date.now(), '+inf')
  if (ids.length === 0) return []
  const found = await redis.mget(ids.map(id => names.pulse(id)))
  const reports = found.flatMap(text => (text === null ? [] : [JSON.parse(text) as MachineReport]))
  return reports.map(report => ({ ...report, since: new Date(report.since) })).toSorted((a, b) => a.name.localeCompare(b.name))
}

/** Whether machines are there that have another key. */
export async function areThereOthers(redis: Redis, { fingerprint }: Names): Promise<boolean> {
  const keys = await redis.zrangebyscore(KEYS, Date.now(), '+inf')
  return keys.some(each => each !== fingerprint)
}
