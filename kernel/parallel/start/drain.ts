import { readSync } from 'node:fs'
import type { Readable } from 'node:stream'

const CHUNK = 64 * 1024
/** More than a socket holds, in bytes: what has arrived is read even while more comes all the time. */
const MOST = 4 * 1024 * 1024

/**
 * Resolves when all bytes that have arrived at the streams so far have been emitted to those who read there. It doesn't
 * wait for the end of the stream, which may be far away when another process holds the other side too.
 */
export async function drained(streams: readonly Readable[]): Promise<void> {
  for (const stream of streams) readArrived(stream)
  await Promise.all(streams.map(consumed))
}

/** Has all bytes emitted, now, that have arrived so far, also of streams that are paused. */
export function emitArrived(streams: readonly Readable[]): void {
  for (const stream of streams) {
    readArrived(stream)
    while (stream.read() !== null);
  }
}

// The loop may not have looked at the socket since the last bytes came: fetch them past it, in the same order.
function readArrived(stream: Readable): void {
  const fd = descriptor(stream)
  if (fd === undefined || stream.readableEnded) return
  for (let length = 0; length < MOST; ) {
    const chunk = readNow(fd)
    if (!chunk) return
    stream.push(chunk)
    length += chunk.length
  }
}

function readNow(fd: number): Buffer | undefined {
  const chunk = Buffer.allocUnsafe(CHUNK)
  try {
    const length = readSync(fd, chunk)
    return length > 0 ? chunk.subarray(0, length) : undefined
  } catch {
    // EAGAIN says that nothing more is there; a reset connection has nothing more either.
    return undefined
  }
}

// Node has no public way to the descriptor of a socket; other streams have none.
function descriptor(stream: Readable): number | undefined {
  const fd = (stream as unknown as { _handle?: { fd: number } | null })._handle?.fd
  return fd === undefined || fd < 0 ? undefined : fd
}

async function consumed(stream: Readable): Promise<void> {
  while (stream.readableLength > 0 && stream.readableFlowing !== null && !stream.destroyed) await nextChunk(stream)
}

// A data listener sets a stream flowing only while nobody has chosen how to read it, which `consumed` excludes.
function nextChunk(stream: Readable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const done = (): void => {
    stream.off('data', done).off('close', done)
    resolve()
  }
  stream.on('data', done).on('close', done)
  return promise
}
