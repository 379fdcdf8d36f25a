import { inspect } from 'node:util'
import '../../api.ts'
import { constants, instances } from '../../language/runtime.ts'
import type { Sink } from '../../output/sink.ts'
import { installCell } from '../../runtime/cell.ts'
import { type Modules, openModules } from '../../runtime/modules.ts'
import { runAs } from '../../session/owner.ts'
import { CannotTravelError } from '../capture/cannot-travel.ts'
import { noteGlobals } from '../capture/globals.ts'
import { restore } from '../capture/restore.ts'
import { childrenEnded } from '../client/children.ts'
import { HubClient } from '../client/client.ts'
import { toItem } from '../client/items.ts'
import { type Arrivals, enterRealm } from '../client/realm.ts'
import { toRemoteError } from '../client/remote-errors.ts'
import type { FromHub, Item, Link, Outcome, RemoteErrorData, ToHub, WorkerSpec } from '../protocol.ts'
import type { VariableEnd } from '../share/channel.ts'
import type { SharedVariables } from '../share/thread.ts'
import { setStartMethod } from '../start-method.ts'
import { showThrown } from '../thrown.ts'
import { additionHint } from './addition-hint.ts'
import { watchBlocking } from './blocking.ts'
import { refuseDialogs } from './dialogs.ts'
import { packagesFolder } from './packages-folder.ts'
import { referenceHint } from './reference-hint.ts'
import { Globals } from './globals.ts'
import { installWorkerStacks } from './stacks.ts'

export interface WorkerOptions {
  readonly link: Link<ToHub, FromHub>
  readonly sink: Sink
  /** Whether it may run several targets, one after the other, and shares its descriptors with whoever runs beside it. */
  readonly reusable: boolean
  /** Whether the hub is in this process: then memory that wakes one of them can be had by both. */
  readonly isNearHub: boolean
  /** What `currentProcess()` and `currentThread()` say in a target. */
  names(spec: WorkerSpec): { readonly processName: string; readonly threadName: string }
  /** Where modules are looked for. Default: where the environment says, or the working folder. */
  readonly folder?: string
  /** Only in threads: opens access to the notebook's variables. `offer` hands the other end of the line to their owner. */
  variables?(offer: (owner: VariableEnd) => void): SharedVariables
}

/** Waits for targets and runs them, the same for threads and processes, until the result is disposed of. */
export function openWorker(options: WorkerOptions): Disposable {
  installCell()
  refuseDialogs()
  // Before a target's names are among them, which are none of Node's when this worker starts others.
  noteGlobals()
  const client = new HubClient(options.link)
  const folder = options.folder ?? packagesFolder()
  const modules = openModules(() => undefined, folder)
  const runtime = {
    set statement(number: number) {
      client.begins(number)
    },
    constants, instances, meta: modules.meta, import: modules.import, result: () => undefined, use: unsupported, useAsync: unsupported
  }
  Object.assign(globalThis, { __paracell__: runtime, require: modules.require })
  const run = (spec: WorkerSpec) => runTarget(options, { client, modules, folder }, spec)
  options.link.listen(message => {
    if (message.type === 'run') void runAs(message.spec.owner, () => run(message.spec))
    else client.receive(message)
  })
  const worker = new DisposableStack()
  worker.use(client)
  worker.use(modules)
  return worker
}

interface Parts {
  readonly client: HubClient
  readonly modules: Modules
  readonly folder: string
}

async function runTarget(options: WorkerOptions, { client, modules, folder }: Parts, spec: WorkerSpec): Promise<void> {
  using line = new DisposableStack()
  using globals = new Globals(modules)
  options.link.hold(true)
  // What native code prints in a thread can't be told from what it prints in the others.
  if (!options.reusable) options.sink.own(spec.owner)
  const cells = { ...spec.cells }
  installWorkerStacks(cells)
  // Opened by the first variable that is shared: a target that uses none need not wait for it.
  const variables = once(() => {
    const opened = options.variables?.(owner => client.offer(owner))
    if (opened) line.use(opened).classes(() => globals.classes())
    return opened
  })
  const remote = (name: string) => variables()?.descriptor(name)
  const arrivals: Arrivals = { place: globals.realm(remote), learn: more => void Object.assign(cells, more) }
  enterRealm({ client, scope: globals, cellSource: file => cells[file], arrivals, folder, cluster: spec.cluster, ...options.names(spec) })
  if (options.isNearHub) watchBlocking(counter => client.tell({ type: 'blocks', counter }))
  client.traced = spec.traced ?? false
  client.tellsStatements = spec.machine === undefined
  const fail = (error: unknown) => {
    finish(options, client, { status: 'threw', error: describe(options.sink, spec, error) }, false)
    process.exit(1)
  }
  using watched = watchUncaught(fail)
  setStartMethod(spec.startMethod)
  const outcome = await outcomeOf(options, spec, globals, remote)
  await childrenEnded()
  watched[Symbol.dispose]()
  finish(options, client, outcome, process.getActiveResourcesInfo().every(resource => resource === 'MessagePort'))
}

/** What is thrown outside of the target's own promise ends the worker, as in any Node program, unless the target handles that itself. */
function watchUncaught(fail: (error: unknown) => void): Disposable {
  const names = ['uncaughtException', 'unhandledRejection'] as const
  const stack = new DisposableStack()
  for (const name of names) {
    const listener = (error: unknown) => {
      if (process.listenerCount(name) === 1) fail(error)
    }
    process.on(name, listener)
    stack.defer(() => process.removeListener(name, listener))
  }
  return stack
}

/** A worker in which something is left to do, such as a timer, does it and ends; a clean thread waits for the next target. */
function finish({ reusable }: WorkerOptions, client: HubClient, outcome: Outcome, clean: boolean): void {
  const stays = clean && reusable
  if (outcome.status === 'threw' && !stays) process.exitCode = 1
  client.finish(outcome, stays)
}

type Remote = (name: string) => PropertyDescriptor | undefined

async function outcomeOf({ sink }: WorkerOptions, spec: WorkerSpec, globals: Globals, remote: Remote): Promise<Outcome> {
  try {
    globals.define('rank', { value: spec.rank, writable: true })
    globals.define('size', { value: spec.size, writable: true })
    const { target, args } = (await restore(spec.parcel, globals.realm(remote))) as { target: (...args: unknown[]) => unknown; args: unknown[] }
    const value = await target(...args)
    return { status: 'returned', value: resultItem(sink, spec, value) }
  } catch (error) {
    return { status: 'threw', error: describe(sink, spec, error) }
  }
}

function resultItem(sink: Sink, spec: WorkerSpec, value: unknown): Item {
  try {
    return toItem(value, `the result of ${spec.name}`)
  } catch (error) {
    if (!spec.isCell || !(error instanceof CannotTravelError)) throw error
    sink.write(spec.owner, 'stdout', `${inspect(value)}\n`)
    return { plain: undefined }
  }
}

/** Says on stderr, in order with the rest, what the worker failed with. */
function describe(sink: Sink, spec: WorkerSpec, thrown: unknown): RemoteErrorData {
  sink.write(spec.owner, 'stderr', `${spec.name}${spec.machine === undefined ? '' : `@${spec.machine}`} failed: ${showThrown(thrown)}\n`)
  const hint = additionHint(thrown, spec.parcel.additions) || (spec.kind === 'thread' ? referenceHint(thrown) : '')
  if (hint) sink.write(spec.owner, 'stderr', hint)
  return toRemoteError(thrown)
}

function unsupported(): never {
  throw new Error('A top-level `using` works in cells of the session; in a worker put it into a block.')
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
