import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Parcel } from '../../../kernel/parallel/capture/parcel.ts'
import type { Errand } from './worker.ts'

/** A real thread or process that restores parcels. */
export interface OtherRealm extends AsyncDisposable {
  /** Runs a function, given as text, on the restored value, and resolves to what it returns. */
  check(parcel: Parcel, check: string): Promise<unknown>
}

interface Answer {
  readonly result?: unknown
  readonly error?: unknown
}

const entry = new URL('./worker.ts', import.meta.url)

export function thread(): OtherRealm {
  const worker = new Worker(entry)
  return {
    async check({ data, shared, transfer }, check) {
      const errand: Errand = { parcel: { data, shared }, check }
      worker.postMessage(errand, [data.buffer, ...transfer])
      return resultOf((await once(worker, 'message')) as [Answer])
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate()
    },
  }
}

export function childProcess(): OtherRealm {
  const child = fork(entry, { serialization: 'advanced' })
  return {
    async check({ data }, check) {
      child.send({ parcel: { data, shared: [] }, check } satisfies Errand)
      return resultOf((await once(child, 'message')) as [Answer])
    },
    async [Symbol.asyncDispose]() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

function resultOf([{ result, error }]: readonly [Answer]): unknown {
  if (error !== undefined) throw new Error(`In the worker: ${String(error)}`)
  return result
}
