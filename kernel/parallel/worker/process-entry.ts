/** A worker process: runs one target. */
import type net from 'node:net'
import { showOn } from '../../display/display.ts'
import { watchChildren } from '../../output/children.ts'
import { greet, newSinkMemory, Sink, ThreadNumber } from '../../output/sink.ts'
import { installStreams } from '../../output/streams.ts'
import { loadOwn } from '../../runtime/modules.ts'
import { socketLink } from '../links.ts'
import type { FromHub, ToHub } from '../protocol.ts'
import { openWorker } from './worker.ts'

interface Output {
  readonly sink: Sink
  /** Begins the process's streams. */
  greet(): void
}

let output: Output | undefined

/** What a starter calls in each new process. */
export function main(link: net.Socket): void {
  const { sink, greet } = (output ??= openOutput())
  greet()
  work(link, sink)
}

/** What a fork server calls once: its children have and know what they need when they begin. */
export async function practise(): Promise<void> {
  const { sink } = (output ??= openOutput())
  loadOwn('api')
  const { rehearse } = await import('./rehearsal.ts')
  await rehearse(link => work(link, sink))
}

function openOutput(): Output {
  const memory = newSinkMemory()
  const sink = new Sink(memory, ThreadNumber.main)
  sink.unbuffer()
  installStreams(sink)
  showOn(sink)
  watchChildren(sink)
  return { sink, greet: () => greet(memory) }
}

function work(link: net.Socket, sink: Sink): Disposable {
  return openWorker({
    link: socketLink<ToHub, FromHub>(link),
    sink,
    reusable: false,
    names: spec => ({ processName: spec.name, threadName: 'MainThread' })
  })
}
