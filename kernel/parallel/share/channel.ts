/**
 * The line between a thread and the owner of the notebook's variables: a small shared memory for requests and
 * answers, and a port for what is too big for it, to ring an owner that sleeps, and for promises that settle later.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads'

/** One end of the line; the thread's end travels in `workerData` or a message. */
export interface VariableEnd {
  readonly port: MessagePort
  readonly memory: SharedArrayBuffer
}

/**
 * Makes both ends of a line.
 *
 * @example
 * const { owner, thread, transferList } = variableChannel()
 * using served = serveVariables(owner.port, scope, owner.memory)
 * new Worker(file, { workerData: thread, transferList })
 */
export function variableChannel(): { owner: VariableEnd, thread: VariableEnd, transferList: MessagePort[] } {
  const { port1, port2 } = new MessageChannel()
  const memory = new SharedArrayBuffer(HEADER_BYTES + BODY_BYTES)
  return { owner: { port: port1, memory }, thread: { port: port2, memory }, transferList: [port2] }
}

const HEADER_BYTES = 64
const BODY_BYTES = 8 * 1024

/** Values of the state word. A thread may ask only from `asleep` (it must ring) and `watching` (it need not). */
export const State = { asleep: 0, watching: 1, request: 2, closed: 3 } as const

/** Words of the header. */
export const Word = {
  state: 0,
  /** Bytes of the request or answer in the body, `BY_PORT` when they are in a message. */
  length: 1,
  /** 1 once the owner began with the request: one that is begun twice was interrupted in between. */
  begun: 2,
  /** 1 while the thread sleeps in `Atomics.wait`: who answers must wake it. */
  sleeping: 3,
  /** 1 once the answer is complete, which holds also if the line is closed right after. */
  answered: 4,
  /** 1 when the owner shall look out for the next request. */
  eager: 5,
} as const

export const BY_PORT = -1

/** The two views of the shared memory: header words and body bytes. */
export interface Shared {
  readonly words: Int32Array
  readonly body: Buffer
}

export function views(memory: SharedArrayBuffer): Shared {
  return {
    words: new Int32Array(memory, 0, HEADER_BYTES / Int32Array.BYTES_PER_ELEMENT),
    body: Buffer.from(memory, HEADER_BYTES),
  }
}

/** Encoded values, and the buffers they refer to by position. */
export interface Packet {
  readonly bytes: Uint8Array
  readonly cargo: readonly object[]
}

/** Wakes the owner. A number, since serialising an object would double the cost of an access. */
export const RING = 0

/** thread → owner, besides what is in the shared memory */
export type ThreadMessage =
  | typeof RING
  | { readonly type: 'packet', readonly packet: Packet }
  /** The thread has seen this promise and waits for it. */
  | { readonly type: 'await', readonly id: number }
  /** Pairs of id and how often it had been received: the thread lost its references. */
  | { readonly type: 'release', readonly counts: readonly (readonly [id: number, count: number])[] }

/** owner → thread, besides what is in the shared memory */
export type OwnerMessage =
  | { readonly type: 'packet', readonly packet: Packet }
  | { readonly type: 'settled', readonly id: number, readonly packet: Packet }
