import { timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import * as net from 'node:net'
import { headerLength, type Introduction, KINDS, type Kind, readHeader } from './fork-protocol.ts'

export type Connections = Readonly<Record<Kind, net.Socket>>

/** Sorts the connections that forked children open: three for each child, in any order. */
export class Arrivals {
  readonly #introduction: Introduction
  readonly #listener: net.Server
  readonly #sockets = new Set<net.Socket>()
  readonly #waiting = new Map<number, { arrived: Partial<Record<Kind, net.Socket>>; resolve(all: Connections): void }>()

  constructor(introduction: Introduction) {
    this.#introduction = introduction
    this.#listener = net.createServer((socket) => this.#greet(socket))
  }

  async listen(): Promise<void> {
    await once(this.#listener.listen(this.#introduction.address), 'listening')
  }

  /** Resolves when the child with this id has opened all of its connections. To be called before it is asked for. */
  expect(id: number): Promise<Connections> {
    const { promise, resolve } = Promise.withResolvers<Connections>()
    this.#waiting.set(id, { arrived: {}, resolve })
    return promise
  }

  forget(id: number): void {
    const arrived = this.#waiting.get(id)?.arrived ?? {}
    this.#waiting.delete(id)
    for (const socket of Object.values(arrived)) socket.destroy()
  }

  /** Takes no more connections. What has arrived on the present ones can still be read, but nobody has to. */
  retire(): void {
    this.#listener.close()
    for (const socket of this.#sockets) socket.unref()
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#listener.close(resolve))
  }

  #greet(socket: net.Socket): void {
    this.#sockets.add(socket)
    // A connection that breaks closes, and that is all that its readers need to know.
    socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket))
    const length = headerLength(this.#introduction.token)
    const onReadable = (): void => {
      const head = socket.read(length) as Buffer | null
      if (!head) return
      socket.off('readable', onReadable)
      this.#sort(socket, head)
    }
    socket.on('readable', onReadable)
  }

  #sort(socket: net.Socket, head: Buffer): void {
    const { token } = this.#introduction
    if (head.length < headerLength(token)) return void socket.destroy()
    if (!timingSafeEqual(head.subarray(0, token.length), Buffer.from(token))) return void socket.destroy()
    const { id, kind } = readHeader(head.toString('latin1'), token)
    const waiting = this.#waiting.get(id)
    if (!waiting || !kind) return void socket.destroy()
    waiting.arrived[kind] = socket
    if (KINDS.some((each) => !waiting.arrived[each])) return
    this.#waiting.delete(id)
    waiting.resolve(waiting.arrived as Connections)
  }
}
