import { runAs } from '../../session/owner.ts'
import type { Owner } from '../../session/protocol.ts'
import { registerCodec } from '../capture/codecs.ts'
import { restore } from '../capture/restore.ts'
import { toItem } from '../client/items.ts'
import { realm } from '../client/realm.ts'
import { toRemoteError } from '../client/remote-errors.ts'
import type { Item } from '../protocol.ts'
import { Lane } from './lane.ts'
import { type Arguments, type Failure, type FromMember, itemOfMessage, type ToMember } from './messages.ts'
import { knowing } from './known.ts'
import { Names } from './names.ts'

/** How often a worker tells how far it is, in milliseconds. */
const REPORT_INTERVAL = 100

/** What the workers of a pool run: one task after the other, until there will be no more. */
export async function serve(tasks: string, results: string, member: string): Promise<void> {
  const server = new Server(new Lane(results), member)
  const items = new Lane(tasks)[Symbol.asyncIterator]()
  for (let item = await items.next(); !item.done; ) {
    const said = await server.take(item.value)
    // Asked for first, the next one comes while the hub passes on what came of this one.
    const next = said?.type === 'unfit' ? undefined : items.next()
    if (said) server.tell(said)
    if (!next) return
    item = await next
  }
}

// It is the kernel's own: a worker has it, and it travels by its name.
registerCodec('serve', { test: value => value === serve, encode: () => undefined, decode: () => serve })

type Work = Extract<ToMember, { type: 'work' }>
type Task = Extract<ToMember, { type: 'task' }>

class Server {
  readonly #results: Lane
  readonly #member: string
  readonly #names = new Names()
  #work: Work | undefined

  constructor(results: Lane, member: string) {
    this.#results = results
    this.#member = member
  }

  /** Does what the item says. Resolves to what the pool is to hear of it. */
  async take(item: Item): Promise<FromMember | undefined> {
    try {
      const message = (await this.#arrive(item)) as ToMember
      return await (this.#takers[message.type] as (message: ToMember) => Promise<FromMember | undefined>)(message)
    } catch (error) {
      return { type: 'unfit', member: this.#member, error: toRemoteError(error) }
    }
  }

  tell(message: FromMember): void {
    this.#results.send(itemOfMessage(message))
  }

  readonly #takers: { readonly [T in ToMember['type']]: (message: Extract<ToMember, { type: T }>) => Promise<FromMember | undefined> } = {
    prepare: async ({ target, args, owner, cells }) => {
      realm().arrivals?.learn(cells)
      await runAs(this.#as(owner), async () => target?.(...args))
      this.#names.keep()
      return { type: 'ready', member: this.#member }
    },
    work: async work => {
      realm().arrivals?.learn(work.cells)
      this.#names.replace()
      this.#work = work
      return undefined
    },
    task: async task => {
      const work = this.#work as Work
      this.tell({ type: 'started', member: this.#member })
      const { values, failure } = await runAs(this.#as(work.owner), () => this.#run(work, task))
      return { type: 'done', member: this.#member, ...this.#pack(values, failure) }
    }
  }

  async #arrive(item: Item): Promise<unknown> {
    if ('list' in item) return { type: 'task', items: item.list } satisfies Task
    const place = realm().arrivals?.place
    if (!place || !('parcel' in item)) throw new Error('A task came to a place that is no worker.')
    return restore(item.parcel, this.#names.within(place))
  }

  async #run({ target, spread, watched }: Work, { items }: Task): Promise<{ values: unknown[]; failure?: Failure }> {
    const values: unknown[] = []
    let reported = performance.now()
    for (const item of items) {
      try {
        values.push(await (spread ? target(...(item as Arguments)) : target(item)))
      } catch (error) {
        return { values, failure: { error: toRemoteError(error), item: values.length } }
      }
      if (!watched || performance.now() - reported < REPORT_INTERVAL) continue
      reported = performance.now()
      this.tell({ type: 'progress', member: this.#member, count: values.length })
    }
    return { values }
  }

  #as(owner: Owner): Owner {
    return { ...owner, worker: this.#member }
  }

  /** Values that can't travel are a failure like any other. */
  #pack(values: readonly unknown[], failure: Failure | undefined): { values: Item; failure?: Failure } {
    try {
      return { values: knowing(this.#names.current, () => toItem(values, 'results of a Pool')), ...(failure ? { failure } : {}) }
    } catch (error) {
      return { values: toItem([], 'nothing'), failure: { error: toRemoteError(error), item: undefined } }
    }
  }
}
