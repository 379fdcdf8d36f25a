import type { Ask, BarrierView, Batch, Passage } from '../protocol.ts'
import type { Clusters } from '../cluster/clusters.ts'
import type { BarrierState } from './barrier-state.ts'
import type { EventState } from './event-state.ts'
import type { Reports } from './reports.ts'
import type { Things } from './things.ts'
import type { ValueState } from './value-state.ts'
import type { Waiter } from './waiters.ts'

export type Asks = { readonly [T in Ask['type']]: (ask: Extract<Ask, { type: T }>, asking: Waiter<unknown>) => void }

/** Requests that give the asker something, or start something for it: nothing that one who has gone can use. */
export const forTheLiving: ReadonlySet<Ask['type']> = new Set(['start', 'ring', 'leases', 'lanes', 'get', 'acquire', 'permit', 'sleep', 'barrier'])

/** What becomes of each request about things that realms share, and about what runs. */
export function asksAbout(things: Things, reports: Reports, clusters: Clusters): Omit<Asks, 'start' | 'settle' | 'ring' | 'leases' | 'lanes' | 'trace'> {
  return {
    report: (_, asking) => settle(asking, reports.now()),
    stop: ({ names }, asking) => settle(asking, reports.stop(names)),
    follow: ({ display, owner, interval }, asking) => settle(asking, reports.follow(display, owner, interval)),
    connect: (options, asking) => settle(asking, clusters.connect(options)),
    local: (options, asking) => settle(asking, clusters.local(options)),
    machines: ({ cluster }, asking) => settle(asking, clusters.machines(cluster)),
    disconnect: ({ cluster }, asking) => settle(asking, clusters.disconnect(cluster)),
    get: ({ queue, wait, ahead }, asking) => things.queue(queue).get(asking as Waiter<Batch>, wait, asking.member.recorder ? undefined : ahead),
    put: ({ queue, item, wait }, asking) => things.queue(queue).put(asking, item, wait),
    watch: ({ queue, wait }, asking) => things.queue(queue).watch(asking, wait),
    size: ({ queue }, asking) => asking.resolve(things.queue(queue).size),
    taskDone: ({ queue }, asking) => asking.resolve(things.queue(queue).taskDone()),
    join: ({ queue }, asking) => things.queue(queue).join(asking),
    acquire: ({ lock, wait }, asking) => things.lock(lock).acquire(asking, wait),
    release: ({ lock }, asking) => asking.resolve(things.lock(lock).release(asking.member)),
    locked: ({ lock }, asking) => asking.resolve(things.lock(lock).holder !== undefined),
    permit: ({ semaphore, wait }, asking) => things.semaphore(semaphore).acquire(asking, wait),
    permits: ({ semaphore, count }, asking) => asking.resolve(things.semaphore(semaphore).release(asking.member, count)),
    event: ({ event, action }, asking) => eventActions[action](things.event(event), asking),
    sleep: ({ condition, lock }, asking) => things.condition(condition, lock).wait(asking),
    wake: ({ condition, lock, count }, asking) => {
      things.lock(lock).mustBeHeldBy(asking.member, 'notify')
      asking.resolve(things.condition(condition, lock).notify(count))
    },
    barrier: ({ barrier, action }, asking) => barrierActions[action](things.barrier(barrier), asking),
    value: ({ value, action, operand }, asking) => asking.resolve(valueActions[action](things.value(value), operand))
  }
}

function settle(asking: Waiter<unknown>, work: Promise<unknown>): void {
  void work.then(value => asking.resolve(value), (error: Error) => asking.reject(error))
}

type Actions<A extends string, State> = { readonly [N in A]: (state: State, asking: Waiter<unknown>) => void }
type ActionOf<T extends Ask['type']> = Extract<Ask, { type: T; action: string }>['action']

const eventActions: Actions<ActionOf<'event'>, EventState> = {
  set: (event, asking) => asking.resolve(event.set()),
  clear: (event, asking) => asking.resolve(event.clear()),
  isSet: (event, asking) => asking.resolve(event.isSet),
  wait: (event, asking) => event.wait(asking)
}

const barrierActions: Actions<ActionOf<'barrier'>, BarrierState> = {
  wait: (barrier, asking) => barrier.wait(asking as Waiter<Passage>),
  acted: (barrier, asking) => asking.resolve(barrier.acted(asking.member)),
  reset: (barrier, asking) => asking.resolve(barrier.reset()),
  break: (barrier, asking) => asking.resolve(barrier.break()),
  view: (barrier, asking) => asking.resolve(barrier.view satisfies BarrierView)
}

const valueActions: { readonly [A in ActionOf<'value'>]: (value: ValueState, operand: number | bigint) => unknown } = {
  get: value => value.get(),
  set: (value, operand) => value.set(operand),
  add: (value, operand) => value.add(operand)
}
