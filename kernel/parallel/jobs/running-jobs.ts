import { UsageError } from '../../errors.ts'
import type { Job } from './job.ts'
import { clock } from './picture.ts'

const running = new Map<string, Job>()
let count = 0

/**
 * What `%%thread --background` and `%%process --background` have started and has not ended, the oldest first.
 *
 * @example for (const job of jobs()) await job.stop()
 */
export function jobs(): Job[] {
  return [...running.values()].filter(job => job.isAlive())
}

/** The job of this name, if it runs. */
export function jobNamed(name: string): Job | undefined {
  const job = running.get(name)
  return job?.isAlive() ? job : undefined
}

/** Keeps a job among those that run until the result is disposed of. */
export function register(job: Job): Disposable {
  running.set(job.name, job)
  return {
    [Symbol.dispose]() {
      if (running.get(job.name) === job) running.delete(job.name)
    }
  }
}

/** A name that no job has: `job-1` and so on. */
export function freeName(): string {
  for (;;) {
    const name = `job-${++count}`
    if (!jobNamed(name)) return name
  }
}

/** Throws when a job of this name runs: both would be called alike. */
export function mustBeFree(name: string): void {
  const job = jobNamed(name)
  if (!job) return
  const since = clock(job.since)
  throw new UsageError(`"${name}" still runs in the background, since ${since}. Stop it with %jobs stop ${name}, or let this cell take its place: --replace.`)
}
