import type { BarrierSpec, LockSpec, PipeEnd, QueueSpec, SemaphoreSpec, ValueSpec } from '../protocol.ts'
import { BarrierState } from './barrier-state.ts'
import { ConditionState } from './condition-state.ts'
import { EventState } from './event-state.ts'
import { LockState } from './lock-state.ts'
import { PipeState } from './pipe-state.ts'
import { QueueState } from './queue-state.ts'
import { SemaphoreState } from './semaphore-state.ts'
import { ValueState } from './value-state.ts'

interface State {
  /** Whether it is as if it were made anew. */
  readonly atRest: boolean
}

/** All that realms share, made when it is first used and forgotten when nothing is left to remember. */
export class Things {
  readonly #states = new Map<string, State>()
  readonly #touched: string[] = []

  queue(spec: QueueSpec): QueueState {
    return this.#state(spec.id, () => new QueueState(spec))
  }

  lock(spec: LockSpec): LockState {
    return this.#state(spec.id, () => new LockState(spec))
  }

  semaphore(spec: SemaphoreSpec): SemaphoreState {
    return this.#state(spec.id, () => new SemaphoreState(spec))
  }

  event(id: string): EventState {
    return this.#state(id, () => new EventState())
  }

  condition(id: string, lock: LockSpec): ConditionState {
    return this.#state(id, () => new ConditionState(() => this.lock(lock)))
  }

  barrier(spec: BarrierSpec): BarrierState {
    return this.#state(spec.id, () => new BarrierState(spec))
  }

  value(spec: ValueSpec): ValueState {
    return this.#state(spec.id, () => new ValueState(spec.initial))
  }

  pipe({ pipe, side, queues: [sent, received] }: PipeEnd): PipeState {
    return this.#state(`${pipe}/${side}`, () => new PipeState({
      close: () => {
        // Whoever hears at the other end that nothing more comes must have heard before that nothing is taken, either.
        this.queue(received).close()
        this.queue(sent).close()
      },
      abandon: is => this.queue(sent).abandon(is)
    }))
  }

  /** Forgets what was used since the last time and is at rest. */
  tidy(): void {
    for (let id = this.#touched.pop(); id !== undefined; id = this.#touched.pop()) {
      if (this.#states.get(id)?.atRest) this.#states.delete(id)
    }
  }

  #state<S extends State>(id: string, make: () => S): S {
    let state = this.#states.get(id) as S | undefined
    if (!state) this.#states.set(id, (state = make()))
    this.#touched.push(id)
    return state
  }
}
