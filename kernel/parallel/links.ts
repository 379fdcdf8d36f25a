import type net from 'node:net'
import type { MessagePort, Worker } from 'node:worker_threads'
import { FrameParser, writeFrame } from '../channel/frames.ts'
import type { Link } from './protocol.ts'

/** A link over a thread's port, or the worker itself. */
export function portLink<Out, In>(port: MessagePort | Worker): Link<Out, In> {
  return {
    post: (message, transfer = []) => port.postMessage(message, [...transfer]),
    listen: listener => {
      port.on('message', listener)
    },
    hold: alive => (alive ? port.ref() : port.unref())
  }
}

/** A link over a socket between processes. A broken socket is a worker that has gone: its exit says how. */
export function socketLink<Out, In>(socket: net.Socket): Link<Out, In> {
  socket.on('error', () => socket.destroy())
  return {
    post: message => {
      if (!socket.destroyed) writeFrame(socket, message)
    },
    listen: listener => {
      const parser = new FrameParser<In>()
      socket.on('data', chunk => {
        for (const message of parser.push(chunk)) listener(message)
      })
    },
    hold: alive => (alive ? socket.ref() : socket.unref())
  }
}
