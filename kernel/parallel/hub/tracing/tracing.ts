import type { QueueSpec } from '../../protocol.ts'
import type { TraceWorker } from '../../trace/events.ts'
import type { Member } from '../member.ts'
import { hubError, type Waiter } from '../waiters.ts'
import type { Recorder } from './recorder.ts'

export interface TracingOptions {
  members(): Iterable<Member>
  workers(): ReadonlyMap<string, TraceWorker>
  backlog(queue: QueueSpec): number
}

interface Trace {
  readonly begin: number
  /** Ends it. */
  readonly stop: () => void
}

/** Whether anybody traces. Nothing is noted, or even loaded, as long as nobody does. */
export class Tracing {
  /** What notes what happens, while somebody traces. */
  recorder: Recorder | undefined
  readonly #options: TracingOptions
  readonly #traces = new Map<number, Trace>()
  #last = 0

  constructor(options: TracingOptions) {
    this.#options = options
  }

  /** Answers with the trace's number. */
  async begin(asking: Waiter<unknown>): Promise<void> {
    const { Recorder } = await import('./recorder.ts')
    const { member } = asking
    if (member.gone) return
    const { backlog, members, workers } = this.#options
    if (!this.recorder) this.#use(new Recorder({ backlog, members: members(), workers: workers() }))
    const number = ++this.#last
    const holding = { abandoned: () => void this.#end(number) }
    member.holdings.add(holding)
    this.#traces.set(number, { begin: performance.now(), stop: () => void member.holdings.delete(holding) })
    asking.resolve(number)
  }

  /** Answers with what happened since it began. */
  end(asking: Waiter<unknown>, number: number): void {
    const trace = this.#traces.get(number)
    if (!trace || !this.recorder) throw hubError('UsageError', 'The trace has ended already.')
    asking.resolve(this.recorder.recording(trace.begin))
    trace.stop()
    this.#end(number)
  }

  #end(number: number): void {
    this.#traces.delete(number)
    if (this.#traces.size === 0) this.#use(undefined)
  }

  #use(recorder: Recorder | undefined): void {
    this.recorder = recorder
    for (const member of this.#options.members()) {
      member.recorder = recorder
      member.client.post({ type: 'traced', on: recorder !== undefined })
    }
  }
}
