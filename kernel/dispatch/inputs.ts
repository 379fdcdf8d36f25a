import type { SessionEvent } from '../session/protocol.ts'
import type { Session } from '../session/session.ts'
import type { RequestOf } from '../wire/requests.ts'
import { childOf, type Message } from '../wire/messages.ts'
import type { Parents } from './parents.ts'

type Asking = Extract<SessionEvent, { type: 'input' }>

/** Brings a cell's questions to the front end that runs the cell, and the answers back. */
export class Inputs {
  readonly #session: Session
  readonly #parents: Parents
  readonly #send: (message: Message) => Promise<void>
  readonly #open = new Map<string, Asking>()

  constructor(session: Session, parents: Parents, send: (message: Message) => Promise<void>) {
    this.#session = session
    this.#parents = parents
    this.#send = send
  }

  async ask(event: Asking): Promise<void> {
    const { prompt, password } = event
    const parent = this.#parents.find(event.owner.cell)
    const message = childOf(parent?.message, 'input_request', { prompt, password })
    this.#open.set(message.header.msg_id, event)
    await this.#send(message)
  }

  /** Answers what only the front knows, without asking anybody. */
  tell(id: number, value: unknown): void {
    this.#session.input(id, JSON.stringify(value))
  }

  /** Takes an answer; `false` if nothing was asked. An answer that names no question is for the oldest one. */
  answer({ message, content }: RequestOf<'input_reply'>): boolean {
    const named = message.parentHeader.msg_id ?? ''
    const key = this.#open.has(named) ? named : this.#open.keys().next().value
    const event = key === undefined ? undefined : this.#open.get(key)
    if (key === undefined || !event) return false
    this.#open.delete(key)
    this.#session.input(event.id, content.value)
    return true
  }

  /** Forgets what a cell that ended had asked; a late answer must not go to another cell's question. */
  close(cell: string): void {
    for (const [key, event] of this.#open) if (event.owner.cell === cell) this.#open.delete(key)
  }
}
