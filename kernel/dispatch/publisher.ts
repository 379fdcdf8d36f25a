import type { SessionEvent } from '../session/protocol.ts'
import { broadcastOf, type Content, type Extras, type Message } from '../wire/messages.ts'
import type { Comms } from './comms/comms.ts'
import { isCaptured } from './comms/event.ts'
import type { Inputs } from './inputs.ts'
import type { Parent, Parents } from './parents.ts'
import { Streams } from './streams.ts'

type EventOf<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>
type Handlers = { readonly [T in SessionEvent['type']]: (event: EventOf<T>) => Promise<void> | void }

export interface Publishing {
  readonly parents: Parents
  readonly inputs: Inputs
  readonly comms: Comms
  /** Sends on iopub; must not reject. */
  readonly publish: (message: Message) => Promise<void>
  readonly log: (line: string) => void
  /** Told of each result, for the history. */
  readonly onResult: (parent: Parent, text: string) => void
  /** Told when the session lost its variables. */
  readonly onLoss: () => void
}

/**
 * Turns what a session says into messages on iopub, each under the request that it belongs to.
 * Resolves when the session's events end.
 */
export async function publishEvents(events: AsyncIterable<SessionEvent>, publishing: Publishing): Promise<void> {
  using streams = new Streams(async ({ owner, name, text }) => {
    await publishing.publish(broadcastOf(publishing.parents.find(owner.cell)?.message, 'stream', { name, text }))
  })
  const handlers = handlersFor(publishing, streams)
  for await (const event of events) {
    if (mayBeCaptured(event) && (await captured(event, publishing))) continue
    await handle(handlers, event)
  }
  await streams.flushAll()
}

function mayBeCaptured(event: SessionEvent): boolean {
  return ('owner' in event && event.owner.output !== undefined) || (event.type === 'display' && event.update)
}

/** Whether an event belongs to an Output widget, or did while that was open. */
async function captured(event: SessionEvent, { comms, parents }: Publishing): Promise<boolean> {
  const mirror = await comms.opened
  if (!mirror || !isCaptured(event)) return false
  if (event.type === 'display' && event.update && (await mirror.update(event))) return true
  const { output, cell } = event.owner
  return output !== undefined && ((await mirror.capture(output, event)) || !parents.knows(cell))
}

// The table pairs each type with its handler; TypeScript can follow that only for one type at a time.
function handle<T extends SessionEvent['type']>(handlers: Handlers, event: EventOf<T>): Promise<void> | void {
  const handler = handlers[event.type] as (event: EventOf<T>) => Promise<void> | void
  return handler(event)
}

function handlersFor({ parents, inputs, comms, publish, log, onResult, onLoss }: Publishing, streams: Streams): Handlers {
  const say = async (cell: string, type: string, content: Content, extras?: Extras): Promise<void> => {
    await streams.flush(cell)
    await publish(broadcastOf(parents.find(cell)?.message, type, content, extras))
  }
  return {
    stream: event => streams.add(event),
    display: ({ owner, data, metadata, displayId, update }) => {
      const type = update ? 'update_display_data' : 'display_data'
      return say(owner.cell, type, { data, metadata, transient: transient(displayId) })
    },
    result: async ({ owner, data, metadata }) => {
      const parent = parents.find(owner.cell)
      const text = data['text/plain']
      if (parent && typeof text === 'string') onResult(parent, text)
      await say(owner.cell, 'execute_result', { execution_count: parent?.count ?? 0, data, metadata })
    },
    error: ({ owner, error }) => say(owner.cell, 'error', { ...error }),
    clear: ({ owner, wait }) => say(owner.cell, 'clear_output', { wait }),
    input: event => streams.flush(event.owner.cell).then(() => inputs.ask(event)),
    comm: async ({ owner, comm }) => {
      await streams.flush(owner.cell)
      await (await comms.open()).fromSession(owner, comm)
    },
    run: () => undefined,
    outputs: async ({ id, widget }) => inputs.tell(id, (await comms.opened)?.outputsOf(widget) ?? []),
    history: async ({ owner, wish }) => {
      const { history, message } = parents.find(owner.cell) ?? {}
      if (!history || !message) return
      const { showHistory } = await import('./history/show.ts')
      await streams.add({ type: 'stream', owner, name: 'stdout', text: await showHistory(history, wish, String(message.content['code'])) })
    },
    done: async ({ cell }) => {
      inputs.close(cell)
      await streams.flush(cell)
    },
    handled: ({ parent }) => streams.flush(parent),
    ready: () => undefined,
    ended: ({ owner }) => streams.flush(owner.cell),
    answer: () => undefined,
    lost: ({ reason }) => log(`The session ends itself: ${reason}`),
    restarted: async ({ reason }) => {
      onLoss()
      log(`The session was replaced by a new one: ${reason}`)
      await (await comms.opened)?.closeAll()
    }
  }
}

function transient(displayId: string | undefined): Content {
  return displayId === undefined ? {} : { display_id: displayId }
}
