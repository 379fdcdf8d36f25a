import { readSync } from 'node:fs'
import type * as net from 'node:net'

/**
 * Resolves when all bytes that have arrived at the sockets so far have been emitted to those who read there. It doesn't
 * wait for the end of the stream, which may be far away when another process holds the other side too.
 */
export async function drained(sockets: readonly net.Socket[]): Promise<void> {
  for (const socket of sockets) readArrived(socket)
  await Promise.all(sockets.map(consumed))
}

// The loop may not have looked at the socket since the last bytes came: fetch them past it, in the same order.
function readArrived(socket: net.Socket): void {
  const fd = descriptor(socket)
  if (fd === undefined || socket.readableEnded) return
  for (let chunk = readNow(fd); chunk; chunk = readNow(fd)) socket.push(chunk)
}

function readNow(fd: number): Buffer | undefined {
  const chunk = Buffer.allocUnsafe(65536)
  try {
    const length = readSync(fd, chunk)
    return length > 0 ? chunk.subarray(0, length) : undefined
  } catch {
    // EAGAIN says that nothing more is there; a reset connection has nothing more either.
    return undefined
  }
}

// Node has no public way to the descriptor of a socket.
function descriptor(socket: net.Socket): number | undefined {
  const fd = (socket as unknown as { _handle?: { fd: number } | null })._handle?.fd
  return fd === undefined || fd < 0 ? undefined : fd
}

async function consumed(socket: net.Socket): Promise<void> {
  while (socket.readableLength > 0 && socket.readableFlowing !== null && !socket.destroyed) await nextChunk(socket)
}

// A data listener sets a stream flowing only while nobody has chosen how to read it, which `consumed` excludes.
function nextChunk(socket: net.Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const done = (): void => {
    socket.off('data', done).off('close', done)
    resolve()
  }
  socket.on('data', done).on('close', done)
  return promise
}
