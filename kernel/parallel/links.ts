import type net from 'node:net'
import type { MessagePort, Worker } from 'node:worker_threads'
import { DirectWriter } from '../channel/direct-writer.ts'
import { Decoder, encode } from './link-frames.ts'
import type { LaneWriter } from './lanes.ts'
import type { FromHub, Link, ToHub } from './protocol.ts'
import { createSharedFile } from './shared-memory.ts'

/** A link over a thread's port, or the worker itself. */
export function portLink<Out, In>(port: MessagePort | Worker): Link<Out, In> {
  return {
    post: (message, transfer = []) => port.postMessage(message, [...transfer]),
    moves: true,
    share: bytes => new SharedArrayBuffer(bytes),
    listen: listener => {
      port.on('message', listener)
    },
    hold: alive => (alive ? port.ref() : port.unref())
  }
}

/** A link over a socket between processes. A broken socket is a worker that has gone: its exit says how. */
export function socketLink<Out extends ToHub | FromHub, In>(socket: net.Socket): Link<Out, In> {
  const writer = new DirectWriter(socket)
  const decoder = new Decoder<In>()
  let lane: LaneWriter | undefined
  socket.on('error', () => socket.destroy())
  const post = (message: ToHub | FromHub) => {
    if (socket.destroyed) return
    for (const piece of encode(message, lane)) writer.write(piece)
  }
  decoder.onRoom = () => post({ type: 'room' })
  return {
    post,
    moves: false,
    share: createSharedFile,
    useLanes: lanes => {
      decoder.lane = lanes.incoming
      lane = lanes.outgoing
    },
    drained: () => writer.drained() ?? lane?.room(),
    finish: () => writer.finish(),
    listen: listener => {
      socket.on('data', chunk => {
        for (const message of decoder.push(chunk)) {
          if (isRoom(message)) lane?.released()
          else listener(message)
        }
      })
    },
    hold: alive => (alive ? socket.ref() : socket.unref())
  }
}

/** A link's own word about its lane. */
function isRoom(message: unknown): boolean {
  return (message as ToHub | FromHub).type === 'room'
}
