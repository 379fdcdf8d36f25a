import fs from 'node:fs'
import { serialize } from 'node:v8'
import type { Owner, SessionEvent } from '../session/protocol.ts'
import { randomBytes } from '../random.ts'
import { encodeHello, encodeMarker, MarkerKind, SECRET_LENGTH } from './marker.ts'

// What cells may overwrite and nothing here can do without.
const { existsSync, readlinkSync, writeSync } = fs
const { stringify } = JSON
const { concat } = Buffer

/** Bytes that a flood of small writes may gather before they go out in one. */
const BUFFER_LENGTH = 64 * 1024
/** A write of this size stays whole when several processes share a descriptor (measured up to 3 kB). */
const WHOLE_LENGTH = 2500
/** A write that follows the last one within this time, in milliseconds, may be part of a flood… */
const FLOOD_GAP = 0.2
/** …and is one after this many in a row. Until then each write goes straight to the descriptor. */
const FLOOD_AFTER = 32
const FLOOD_MEMORY = 4 * FLOOD_AFTER
/** How long another thread may write before it is looked whether it still lives, in milliseconds. */
const DOUBT = 10

/** Indices into the words that all threads of the process share. */
const Word = { lock: 0, owner: 1, used: 2, doorbell: 3, nextOwner: 4, fence: 5, unbuffered: 6, waiting: 7 } as const
const WORDS = 8

/** What threads of a process call themselves towards the lock. Worker threads count up from `firstWorker`. */
export const ThreadNumber = { main: 1, supervisor: 2, firstWorker: 3 } as const

/** What threads need to write to one descriptor as one. */
export interface SinkMemory {
  readonly words: SharedArrayBuffer
  readonly buffer: SharedArrayBuffer
  readonly secret: Uint8Array
}

/** Starts the process's two streams. Once a process, before anything is printed. */
export function openSinkMemory(): SinkMemory {
  const memory = newSinkMemory()
  greet(memory)
  return memory
}

/** Says to who reads the process's streams by which secret it is to know the markers. */
export function greet({ secret }: SinkMemory): void {
  for (const fd of [1, 2]) writeFully(fd, encodeHello(secret))
}

/** For a sink whose streams have still to be greeted. */
export function newSinkMemory(): SinkMemory {
  const secret = randomBytes(SECRET_LENGTH)
  const words = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)
  return { words, buffer: new SharedArrayBuffer(BUFFER_LENGTH), secret }
}

/**
 * Where a thread puts its output: descriptor 1, in order with everything that other threads, native code and
 * inherited children put there. Writing blocks when the reader is slow, and is done when it returns.
 *
 * Only a flood of small writes is gathered, for about a millisecond: its rest is flushed by `flush`, which the
 * supervisor calls whenever `flooded` resolves, however blocked the writer is.
 */
export class Sink {
  readonly #words: Int32Array
  readonly #buffer: Buffer
  readonly #secret: Buffer
  #me: number
  readonly #owners = new Map<string, number>()
  #lastWrite = 0
  #last: { readonly owner: Owner; readonly name: string; readonly id: number } | undefined
  #inARow = 0
  #nobodyMarker: Buffer[] | undefined
  #held: SessionEvent[] = []

  /** `me` names this thread towards the lock where the system does not: any positive number, different for each thread. */
  constructor(memory: SinkMemory, me: number) {
    this.#words = new Int32Array(memory.words)
    this.#buffer = Buffer.from(memory.buffer)
    this.#secret = Buffer.from(memory.secret)
    this.#me = systemThread() ?? -me
  }

  /** For a process that was forked after its sink was made: other threads of it are about to write, too. */
  identify(): void {
    this.#me = systemThread() ?? this.#me
  }

  write(owner: Owner, name: 'stdout' | 'stderr', data: string | Uint8Array): void {
    if (this.#held.length > 0) this.events([])
    const id = this.#ownerId(owner, name)
    const gather = this.#inFlood()
    this.#lock()
    try {
      const marker = this.#words[Word.owner] === id ? undefined : this.#ownerMarker(owner, name, id)
      // Each write wakes the reader: what belongs together goes out together.
      if (marker && !gather && data.length <= BUFFER_LENGTH) this.#put(concat([marker, asBytes(data)]), false)
      else {
        if (marker) this.#put(marker, gather)
        this.#put(data, gather)
      }
    } finally {
      this.#unlock()
    }
  }

  /** Puts an event between the outputs, exactly here. */
  event(event: SessionEvent): void {
    this.events([event])
  }

  events(events: readonly SessionEvent[]): void {
    const all = this.#withHeld(events)
    if (all.length > 0) this.#exclusively(() => writePieces(1, this.#eventMarker(all)))
  }

  /** Puts an event just before whatever this thread puts out next, in one with other events: each write wakes the reader. */
  hold(event: SessionEvent): void {
    this.#held.push(event)
  }

  #withHeld(events: readonly SessionEvent[]): readonly SessionEvent[] {
    if (this.#held.length === 0) return events
    const held = this.#held
    this.#held = []
    return [...held, ...events]
  }

  /** From here on, what native code writes is nobody's: the reader knows which cell runs. */
  begin(): void {
    if (this.#words[Word.owner] !== NO_ID) this.#exclusively(() => writePieces(1, this.#disown()))
  }

  /** From here on, what native code and inherited children write is `owner`'s. */
  lend(owner: Owner): void {
    const id = this.#ownerId(owner, 'stdout')
    this.#fence(this.#pieces(MarkerKind.owner, ownerPayload(owner, 'stderr')), [this.#ownerMarker(owner, 'stdout', id)])
  }

  /** The end of what `lend` began, once all that was written meanwhile has been read. */
  takeBack(): void {
    this.#fence([], [], this.#pieces(MarkerKind.owner, ownerPayload(NOBODY, 'stderr')))
  }

  /** The last of a cell: events that come once all that native code wrote has been read. */
  end(events: readonly SessionEvent[]): void {
    this.#fence([], [...this.#eventMarker(this.#withHeld(events)), ...this.#disown()])
  }

  #fence(errorsBefore: readonly Buffer[], after: readonly Buffer[], errorsAfter: readonly Buffer[] = []): void {
    const number = Buffer.alloc(4)
    number.writeInt32LE(Atomics.add(this.#words, Word.fence, 1) + 1)
    const fence = this.#pieces(MarkerKind.fence, number)
    this.#exclusively(() => {
      writePieces(2, [...errorsBefore, ...fence, ...errorsAfter])
      writePieces(1, [...fence, ...after])
    })
  }

  /** Makes what native code and inherited children write to descriptor 1 from now on `owner`'s. */
  own(owner: Owner): void {
    const id = this.#ownerId(owner, 'stdout')
    this.#lock()
    try {
      if (this.#words[Word.owner] !== id) this.#put(this.#ownerMarker(owner, 'stdout', id), false)
      this.#flush()
    } finally {
      this.#unlock()
    }
  }

  /** From now on nothing is gathered: native code may write to the descriptor at any moment. */
  unbuffer(): void {
    Atomics.store(this.#words, Word.unbuffered, 1)
    this.flush()
  }

  flush(): void {
    this.#exclusively(() => undefined)
  }

  /** Resolves when a flood has left something to flush. */
  async flooded(): Promise<void> {
    await Atomics.waitAsync(this.#words, Word.doorbell, 0).value
  }

  /** Frees the lock if the thread `who`, which has ended, held it. */
  release(who: number): void {
    const holder = Atomics.load(this.#words, Word.lock)
    if (holder === -who || isGone(holder)) this.#inherit(holder)
  }

  #ownerId(owner: Owner, name: string): number {
    if (owner === this.#last?.owner && name === this.#last.name) return this.#last.id
    // In one assignment: an interrupt may come between two.
    this.#last = { owner, name, id: this.#findOwnerId(owner, name) }
    return this.#last.id
  }

  #findOwnerId(owner: Owner, name: string): number {
    const key = `${name} ${owner.cell} ${owner.worker ?? ''} ${owner.output ?? ''}`
    let id = this.#owners.get(key)
    if (id === undefined) {
      if (this.#owners.size > 10_000) this.#owners.clear()
      id = Atomics.add(this.#words, Word.nextOwner, 1) + 1
      this.#owners.set(key, id)
    }
    return id
  }

  /** Marks that what follows is nobody's. */
  #disown(): Buffer[] {
    this.#words[Word.owner] = NO_ID
    return (this.#nobodyMarker ??= this.#pieces(MarkerKind.owner, ownerPayload(NOBODY, 'stdout')))
  }

  #ownerMarker(owner: Owner, name: string, id: number): Buffer {
    this.#words[Word.owner] = id
    return concat(encodeMarker(this.#secret, MarkerKind.owner, ownerPayload(owner, name)))
  }

  #eventMarker(events: readonly SessionEvent[]): Buffer[] {
    return this.#pieces(MarkerKind.event, serialize(events))
  }

  #pieces(kind: MarkerKind, payload: Uint8Array): Buffer[] {
    return encodeMarker(this.#secret, kind, payload)
  }

  /** Does something to the descriptors that nobody else writes to meanwhile, after what was gathered. */
  #exclusively(work: () => void): void {
    this.#lock()
    try {
      this.#flush()
      work()
    } finally {
      this.#unlock()
    }
  }

  #inFlood(): boolean {
    const now = performance.now()
    // A flood that falters, as when the system has others to run, is one still.
    this.#inARow = now - this.#lastWrite < FLOOD_GAP ? Math.min(this.#inARow + 1, FLOOD_MEMORY) : this.#inARow >> 1
    this.#lastWrite = now
    return this.#inARow > FLOOD_AFTER && this.#words[Word.unbuffered] === 0
  }

  #put(data: string | Uint8Array, gather: boolean): void {
    const length = typeof data === 'string' ? data.length * 3 : data.length
    const used = this.#words[Word.used] as number
    if (!gather || used + length > BUFFER_LENGTH) this.#flush()
    if (!gather || length > BUFFER_LENGTH) writeFully(1, asBytes(data))
    else this.#gather(data)
  }

  #gather(data: string | Uint8Array): void {
    const used = this.#words[Word.used] as number
    if (used === 0) this.#ring()
    if (typeof data === 'string') this.#words[Word.used] = used + this.#buffer.write(data, used, 'utf8')
    else {
      this.#buffer.set(data, used)
      this.#words[Word.used] = used + data.length
    }
  }

  #ring(): void {
    Atomics.store(this.#words, Word.doorbell, 1)
    Atomics.notify(this.#words, Word.doorbell)
  }

  #flush(): void {
    const used = this.#words[Word.used] as number
    Atomics.store(this.#words, Word.doorbell, 0)
    if (used === 0) return
    this.#words[Word.used] = 0
    writeFully(1, this.#buffer.subarray(0, used))
    // What waited for a slow reader has not paused by itself.
    this.#lastWrite = performance.now()
  }

  /**
   * A thread that finds itself as the holder was interrupted while it wrote: what it held is still its own. One that was
   * ended while it wrote holds nobody up, not even the thread that would hear of its end.
   */
  #lock(): void {
    for (;;) {
      const holder = Atomics.compareExchange(this.#words, Word.lock, 0, this.#me)
      if (holder === 0 || holder === this.#me) return
      Atomics.add(this.#words, Word.waiting, 1)
      const woken = Atomics.wait(this.#words, Word.lock, holder, DOUBT)
      Atomics.sub(this.#words, Word.waiting, 1)
      if (woken === 'timed-out' && isGone(holder)) this.#inherit(holder)
    }
  }

  /** Frees the lock of a thread that is no more, which may have said whose its output is, and not have put it out. */
  #inherit(holder: number): void {
    if (Atomics.compareExchange(this.#words, Word.lock, holder, 0) !== holder) return
    this.#words[Word.owner] = UNKNOWN_ID
    Atomics.notify(this.#words, Word.lock, 1)
  }

  #unlock(): void {
    Atomics.store(this.#words, Word.lock, 0)
    if (Atomics.load(this.#words, Word.waiting) > 0) Atomics.notify(this.#words, Word.lock, 1)
  }
}

const NOBODY: Owner = { cell: '' }
/** Numbers that no owner gets: of nobody, and of what nothing is known about. */
const NO_ID = 0
const UNKNOWN_ID = -1

/** What the system calls this thread, where it tells: then others can see whether it still lives. */
function systemThread(): number | undefined {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1))
  } catch {
    return undefined
  }
}

function isGone(thread: number): boolean {
  return thread > 0 && !existsSync(`/proc/self/task/${thread}`)
}

function asBytes(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data) : data
}

const bare = (): object => Object.create(null) as object

function ownerPayload(owner: Owner, name: string): Buffer {
  // Without prototypes, which may have got a `toJSON`.
  const plain = Object.assign(bare(), { name, owner: Object.assign(bare(), owner) })
  return Buffer.from(stringify(plain))
}

/** Pieces in as few writes as stay whole where several processes share the descriptor. */
function writePieces(fd: 1 | 2, pieces: readonly Buffer[]): void {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  if (length <= WHOLE_LENGTH) writeFully(fd, concat(pieces))
  else for (const piece of pieces) writeFully(fd, piece)
}

/** A child that inherits the descriptor may make it non-blocking for all of us: then a full one says EAGAIN. */
function writeFully(fd: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += writeSync(fd, bytes, offset, bytes.length - offset)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // Its reader knows that no more will come.
      if (fd === 2 && code === 'EBADF') return
      // Closed, or another file by now, perhaps of a thread that was opening one just then.
      if (code === 'EBADF') throw new Error(`descriptor ${fd}, which carries all output, is closed or another file`, { cause: error })
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}
