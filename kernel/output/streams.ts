import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { isMainThread } from 'node:worker_threads'
import { currentOwner } from '../session/owner.ts'
import type { Sink } from './sink.ts'

type Put = (chunk: string | Uint8Array, encoding?: BufferEncoding) => void

/** Makes `console`, `process.stdout` and `process.stderr` of this thread write to the sink. */
export function installStreams(sink: Sink): void {
  const stdout = redirect('stdout', 1, putTo(sink, 'stdout'))
  const stderr = redirect('stderr', 2, putTo(sink, 'stderr'))
  const plain = new Console({ stdout, stderr, ignoreErrors: false, colorMode: false })
  for (const name of Object.getOwnPropertyNames(plain) as (keyof Console)[]) {
    Object.defineProperty(console, name, { configurable: true, writable: true, enumerable: true, value: plain[name] })
  }
}

function putTo(sink: Sink, name: 'stdout' | 'stderr'): Put {
  return (chunk, encoding) => {
    const encoded = typeof chunk === 'string' && encoding && !/^utf-?8$/i.test(encoding) ? Buffer.from(chunk, encoding) : chunk
    sink.write(currentOwner(), name, encoded)
  }
}

/** Node's own stream for the main thread would make the descriptor non-blocking; a worker's can't be replaced. */
function redirect(name: 'stdout' | 'stderr', fd: number, put: Put): Writable {
  if (!isMainThread) return writeBy(put, process[name], fd)
  const stream = writeBy(put, new Writable({ decodeStrings: false }), fd)
  Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => stream })
  return stream
}

/** A stream whose data is out when `write` returns, so that nothing is lost however the process ends. */
function writeBy(put: Put, stream: Writable, fd: number): Writable {
  const slow = stream.write.bind(stream)
  const write = (chunk: unknown, encoding?: unknown, done?: unknown): boolean => {
    if ((typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) || typeof encoding === 'function' || done !== undefined) {
      return slow(chunk, encoding as BufferEncoding, done as () => void)
    }
    put(chunk, encoding as BufferEncoding)
    return true
  }
  const _write = (chunk: string | Uint8Array, encoding: BufferEncoding, done: () => void): void => {
    put(chunk, encoding)
    done()
  }
  return Object.assign(stream, { fd, write, _write, _writev: null, _type: 'pipe', isTTY: false })
}
