import { inspect } from 'node:util'
import { Comm as Line, comms, type CommExtras, type CommTable, type Data } from '../comms/comms.ts'
import { readJson } from '../display/read-bundle.ts'
import { UsageError } from '../errors.ts'
import { currentOwner, workFor } from '../session/owner.ts'
import type { CommMessage } from '../session/protocol.ts'
import { ChangeStream } from './changes.ts'
import { type Listener, type Stop, stopBy, subscribe } from './listeners.ts'

/** What a front end says on a comm. */
export interface CommEvent {
  readonly data: Data
  readonly metadata: Data
  readonly buffers: readonly Uint8Array[]
}

/** What goes with the data. */
export interface CommOptions {
  readonly metadata?: Data
  readonly buffers?: readonly (ArrayBufferView | ArrayBuffer)[]
}

/**
 * A connection with an extension of the front ends, by Jupyter's protocol of comms, for what widgets don't do. Like a widget
 * it is closed when the cell that opened it runs again.
 *
 * @example
 * const comm = Comm.open('my-extension', { hello: 1 })
 * comm.onMessage(({ data }) => console.log(data))
 * comm.send({ more: [1, 2] })
 */
export class Comm implements Disposable {
  readonly target: string
  readonly #line: Line
  readonly #readers = new Set<Listener<CommEvent>>()
  readonly #closers = new Set<Listener<CommEvent>>()
  #isClosed = false

  private constructor(target: string, connect: (receive: (message: CommMessage) => void) => Line) {
    this.target = target
    this.#line = connect(message => this.#receive(message))
  }

  /** Opens one in all front ends; those that don't know the target close it. @throws UsageError for data that is no JSON, and in a worker */
  static open(target: string, data: Data = {}, options: CommOptions = {}): Comm {
    const table = tableFor(target)
    const sent = asData(data)
    return new Comm(target, receive => table.open(target, sent, receive, asExtras(options)))
  }

  /**
   * Takes those that front ends open for a target; a later call for it replaces this one. One whose handler fails is closed.
   *
   * @example Comm.accept('my-extension', (comm, { data }) => comm.send({ echo: data }))
   */
  static accept(target: string, handler: (comm: Comm, opening: CommEvent) => unknown): Stop {
    const table = tableFor(target)
    if (typeof handler !== 'function') throw new UsageError(`Comm.accept() takes the name of a target and a function, not ${inspect(handler, { depth: 0 })}.`)
    const owner = currentOwner()
    return stopBy(table.registerTarget(target, opening => {
      const comm = new Comm(target, () => new Line(opening.content.comm_id, table))
      workFor(owner, () => void begin(comm, opening, handler))
      return message => comm.#receive(message)
    }))
  }

  get id(): string {
    return this.#line.id
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Tells all front ends. @throws UsageError for what is no JSON, and once it is closed */
  send(data: Data, options: CommOptions = {}): void {
    if (this.#isClosed) throw new UsageError(`The comm for "${this.target}" is closed: a front end did that, its cell ran again, or close() was called.`)
    this.#line.send(asData(data), asExtras(options))
  }

  /** Calls back with what front ends say; what the callback prints belongs to the cell that calls this. */
  onMessage(callback: (event: CommEvent) => unknown): Stop {
    return subscribe(this.#readers, callback)
  }

  /** Calls back when it is closed, with what the front end says at that. */
  onClose(callback: (event: CommEvent) => unknown): Stop {
    return subscribe(this.#closers, callback)
  }

  /**
   * What front ends say, until the comm is closed or the loop is left.
   *
   * @example for await (const { data } of comm.messages()) console.log(data)
   */
  messages(): AsyncIterable<CommEvent> {
    return new ChangeStream(push => this.onMessage(push), end => {
      if (this.#isClosed) end()
      return this.onClose(end)
    })
  }

  close(): void {
    if (this.#isClosed) return
    this.#line.close()
    this.#closed({ data: {}, metadata: {}, buffers: [] })
  }

  [Symbol.dispose](): void {
    this.close()
  }

  [inspect.custom](): string {
    return `Comm ${this.#isClosed ? '(closed) ' : ''}{ target: ${inspect(this.target)} }`
  }

  #receive(message: CommMessage): void {
    const event = eventOf(message)
    if (message.kind === 'close') return this.#closed(event)
    for (const reader of this.#readers) reader(event)
  }

  #closed(event: CommEvent): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const closer of this.#closers) closer(event)
  }
}

/** What it fails with is shown in the cell that calls for comms. */
async function begin(comm: Comm, opening: CommMessage, handler: Parameters<typeof Comm.accept>[1]): Promise<void> {
  try {
    await handler(comm, eventOf(opening))
  } catch (error) {
    comm.close()
    throw error
  }
}

function tableFor(target: string): CommTable {
  const table = comms()
  if (!table) throw new UsageError('Comms live in the notebook itself: make them in a plain cell, not in a thread or a process.')
  if (typeof target !== 'string' || target === '') throw new UsageError(`The target of a comm is the name by which a front end knows it, not ${inspect(target)}.`)
  return table
}

const asData = (data: Data): Data => readJson('The data of a comm', data ?? {}) as Data

function asExtras({ metadata = {}, buffers = [] }: CommOptions): CommExtras {
  return { metadata: readJson('The metadata of a comm', metadata) as Data, buffers: buffers.map(bytesOf) }
}

function bytesOf(buffer: ArrayBufferView | ArrayBuffer): Uint8Array {
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer)
  throw new UsageError(`The buffers of a comm are bytes, not ${inspect(buffer, { depth: 0 })}.`)
}

function eventOf({ content, metadata, buffers }: CommMessage): CommEvent {
  return { data: (content['data'] ?? {}) as Data, metadata, buffers }
}
