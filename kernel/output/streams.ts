import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { currentOwner } from '../session/owner.ts'
import type { Sink } from './sink.ts'

/** Makes `console`, `process.stdout` and `process.stderr` of this thread write to the sink. */
export function installStreams(sink: Sink): void {
  const stdout = outputStream(sink, 'stdout', 1)
  const stderr = outputStream(sink, 'stderr', 2)
  for (const [name, value] of Object.entries({ stdout, stderr })) {
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => value })
  }
  const plain = new Console({ stdout, stderr, ignoreErrors: false, colorMode: false })
  for (const name of Object.getOwnPropertyNames(plain) as (keyof Console)[]) {
    Object.defineProperty(console, name, { configurable: true, writable: true, enumerable: true, value: plain[name] })
  }
}

/** A stream whose data is out when `write` returns, so that nothing is lost however the process ends. */
function outputStream(sink: Sink, name: 'stdout' | 'stderr', fd: number): Writable {
  const put = (chunk: string | Uint8Array, encoding?: BufferEncoding) =>
    sink.write(currentOwner(), name, typeof chunk === 'string' && encoding && !/^utf-?8$/i.test(encoding) ? Buffer.from(chunk, encoding) : chunk)
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, encoding, done) {
      put(chunk, encoding)
      done()
    }
  })
  const slow = stream.write.bind(stream)
  const write = (chunk: unknown, encoding?: unknown, done?: unknown): boolean => {
    if ((typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) || typeof encoding === 'function' || done !== undefined) {
      return slow(chunk, encoding as BufferEncoding, done as () => void)
    }
    put(chunk, encoding as BufferEncoding)
    return true
  }
  return Object.assign(stream, { fd, write, _type: 'pipe', isTTY: false })
}
