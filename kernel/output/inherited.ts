import { uniqueId } from '../random.ts'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { encodeFrame, FrameParser } from '../channel/frames.ts'
import type { Owner } from '../session/protocol.ts'
import type { Sink } from './sink.ts'

/** Where programs that inherit output are read: an address that only this session knows, and a word to wait on. */
export interface OutputServer {
  readonly address: string
  /** See `Word`. */
  readonly words: SharedArrayBuffer
}

const Word = {
  /** Counts up with each program that was drained. */
  drained: 0,
  /** 1 once somebody listens. */
  listening: 1
} as const
const WORDS = 2

/** Descriptors for one child program. Disposing them closes this process's copies: the child has its own. */
export interface Descriptors extends Disposable {
  readonly stdout: number
  readonly stderr: number
  /** Blocks until all that the child has printed so far is out. */
  drain(): void
}

interface Introduction {
  readonly id: string
  readonly name: 'stdout' | 'stderr' | 'drain'
  readonly owner: Owner
}

/** How long to wait, in milliseconds, for a reader that may have died. */
const PATIENCE = 2000

export function outputServer(): OutputServer {
  const name = `paracell-${uniqueId()}`
  // An abstract socket leaves no file behind; only Linux has them.
  const address = process.platform === 'linux' ? `\0${name}` : path.join(os.tmpdir(), `${name}.sock`)
  return { address, words: new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT) }
}

/** Undefined when nobody listens; waits for a listener that is about to come. */
export function openDescriptors(server: OutputServer, owner: Owner): Descriptors | undefined {
  Atomics.wait(new Int32Array(server.words), Word.listening, 0, PATIENCE)
  const id = uniqueId()
  const stdout = introduce(server, { id, name: 'stdout', owner })
  const stderr = stdout && introduce(server, { id, name: 'stderr', owner })
  if (!stdout || !stderr) return undefined
  return {
    stdout: stdout.fd,
    stderr: stderr.fd,
    drain: () => drain(server, { id, name: 'drain', owner }),
    [Symbol.dispose]() {
      stdout.socket.destroy()
      stderr.socket.destroy()
    }
  }
}

function drain(server: OutputServer, introduction: Introduction): void {
  const words = new Int32Array(server.words)
  const before = Atomics.load(words, Word.drained)
  const asking = introduce(server, introduction)
  if (!asking) return
  Atomics.wait(words, Word.drained, before, PATIENCE)
  asking.socket.destroy()
}

/** Connecting to a socket of this machine is done when the call returns: the descriptor can be used at once. */
function introduce({ address }: OutputServer, introduction: Introduction): { readonly socket: net.Socket; readonly fd: number } | undefined {
  const socket = net.connect(address)
  socket.on('error', () => socket.destroy())
  socket.unref()
  const fd = (socket as unknown as { _handle?: { fd?: number } })._handle?.fd
  try {
    if (fd !== undefined && fd >= 0 && fs.writeSync(fd, encodeFrame(introduction)) > 0) return { socket, fd }
  } catch {
    // Nobody listens.
  }
  socket.destroy()
  return undefined
}

/** Reads what programs print that were given descriptors by `openDescriptors`, in the thread that calls it. */
export function serveInherited(server: OutputServer, sink: Sink): void {
  const sources = new Set<Source>()
  const words = new Int32Array(server.words)
  const drainAll = (id: string) => {
    // One that has not been introduced yet may be the one that is meant.
    for (const source of sources) if (source.id === undefined || source.id === id) source.drain()
    Atomics.add(words, Word.drained, 1)
    Atomics.notify(words, Word.drained)
  }
  const accept = (socket: net.Socket) => {
    const source = new Source(socket, sink, drainAll)
    sources.add(source)
    socket.once('close', () => sources.delete(source))
  }
  const listening = () => {
    Atomics.store(words, Word.listening, 1)
    Atomics.notify(words, Word.listening)
  }
  net.createServer(accept).listen(server.address, listening).unref()
}

/** One connection: first who it is, then output. */
class Source {
  readonly #socket: net.Socket
  readonly #sink: Sink
  readonly #onDrain: (id: string) => void
  readonly #head = new FrameParser<Introduction>()
  #introduction: Introduction | undefined

  constructor(socket: net.Socket, sink: Sink, onDrain: (id: string) => void) {
    this.#socket = socket
    this.#sink = sink
    this.#onDrain = onDrain
    socket.on('error', () => socket.destroy())
    socket.on('data', chunk => this.#take(chunk))
  }

  get id(): string | undefined {
    return this.#introduction?.id
  }

  /** Reads what is there, now: at the child's end nothing more of its own will come. */
  drain(): void {
    const fd = (this.#socket as unknown as { _handle?: { fd?: number } })._handle?.fd
    const chunk = Buffer.allocUnsafe(64 * 1024)
    try {
      for (let length = 1; fd !== undefined && length > 0; ) {
        length = fs.readSync(fd, chunk)
        if (length > 0) this.#take(Buffer.from(chunk.subarray(0, length)))
      }
    } catch {
      // EAGAIN: there is no more.
    }
  }

  #take(chunk: Buffer): void {
    if (this.#introduction) return this.#put(chunk)
    this.#introduction = this.#head.push(chunk).next().value ?? undefined
    if (!this.#introduction) return
    if (this.#introduction.name === 'drain') return this.#onDrain(this.#introduction.id)
    this.#put(this.#head.rest())
  }

  #put(chunk: Buffer): void {
    const { owner, name } = this.#introduction as Introduction
    if (name !== 'drain' && chunk.length > 0) this.#sink.write(owner, name, chunk)
  }
}
