/** Real threads that run a piece of JavaScript with the notebook's variables as their globals. */
import { Worker } from 'node:worker_threads'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { variableChannel } from '../../../kernel/parallel/share/channel.ts'
import { capture } from '../../../kernel/parallel/capture/capture.ts'
import type { Scope } from '../../../kernel/parallel/share/operations.ts'
import { serveVariables } from '../../../kernel/parallel/share/owner.ts'

export type Variables = Record<string, unknown>

/** What the thread's code returned, or the error it threw. */
export type Outcome = { readonly value: unknown } | { readonly error: { name: string, message: string, stack: string } }

export interface Thread extends AsyncDisposable {
  readonly worker: Worker
  readonly served: Disposable
  /** Settles when the thread's code has ended. */
  readonly outcome: Promise<Outcome>
}

/** Starts a thread that runs `code` as the body of an async function, with `snapshot` beside the variables. */
export function startThread(variables: Variables, code: string): Thread {
  const { owner, thread, transferList } = variableChannel()
  const served = serveVariables(owner.port, scopeOf(variables), owner.memory)
  const worker = new Worker(FIXTURE, {
    eval: true,
    transferList,
    workerData: { ...thread, code, module: MODULE, snapshot: SNAPSHOT, names: Object.keys(variables) },
  })
  const outcome = new Promise<Outcome>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`The thread ended with ${code}`)))
  })
  outcome.catch(() => {})
  return {
    worker,
    served,
    outcome,
    async [Symbol.asyncDispose]() {
      served[Symbol.dispose]()
      await worker.terminate()
    },
  }
}

/** Runs `code` in a thread of its own and answers what it returned; throws what it threw. */
export async function runThread(variables: Variables, code: string): Promise<unknown> {
  await using thread = startThread(variables, code)
  const outcome = await thread.outcome
  if ('error' in outcome) throw Object.assign(new Error(outcome.error.message), outcome.error)
  return outcome.value
}

/** Collects garbage now. The flag can't be given to a thread, so it is set where it is used. */
export function gc(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

function scopeOf(variables: Variables): Scope {
  return {
    get: (name) => variables[name],
    set: (name, value) => { variables[name] = value },
    has: (name) => Object.hasOwn(variables, name),
    capture: (values, mode) => capture(values, NOTHING, mode, 'objects of the test'),
  }
}

const NOTHING = { lookup: () => undefined, location: () => undefined, closure: () => [] }

const MODULE = new URL('../../../kernel/parallel/share/thread.ts', import.meta.url).href
const SNAPSHOT = new URL('../../../kernel/parallel/share/snapshot.ts', import.meta.url).href

const FIXTURE = `
  const { parentPort, workerData } = require('node:worker_threads')
  const AsyncFunction = (async () => {}).constructor
  const run = async () => {
    const { connectVariables } = await import(workerData.module)
    const { snapshot } = await import(workerData.snapshot)
    const variables = connectVariables(workerData.port, workerData.memory)
    for (const name of workerData.names) Object.defineProperty(globalThis, name, variables.descriptor(name))
    require('node:v8').setFlagsFromString('--expose-gc')
    const gc = require('node:vm').runInNewContext('gc')
    return new AsyncFunction('snapshot', 'variables', 'gc', workerData.code)(snapshot, variables, gc)
  }
  run().then(
    (value) => parentPort.postMessage({ value }),
    (error) => parentPort.postMessage({ error: { name: error.name, message: error.message, stack: error.stack } }),
  )
`
