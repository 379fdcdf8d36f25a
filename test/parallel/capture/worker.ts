import { isMainThread, parentPort } from 'node:worker_threads'
import type { Parcel, Realm } from '../../../kernel/parallel/capture/parcel.ts'
import { restore } from '../../../kernel/parallel/capture/restore.ts'

/** What a test sends to a worker: a parcel, and the text of a function that is given the restored value. */
export interface Errand {
  readonly parcel: Pick<Parcel, 'data' | 'shared'>
  readonly check: string
}

const realm: Realm = {
  define: (name, descriptor) => Object.defineProperty(globalThis, name, descriptor),
  import: specifier => import(specifier),
  remote: name => ({ get: () => `remote ${name}`, configurable: true }),
}

function answer(message: unknown): void {
  if (isMainThread) process.send!(message)
  else parentPort!.postMessage(message)
}

async function run({ parcel, check }: Errand): Promise<void> {
  try {
    const value = await restore(parcel, realm)
    const result: unknown = await ((0, eval)(`(${check})`) as (value: unknown) => unknown)(value)
    answer({ result })
  } catch (error) {
    answer({ error: error instanceof Error ? error.stack : error })
  }
}

if (isMainThread) process.on('message', message => void run(message as Errand))
else parentPort!.on('message', message => void run(message as Errand))
