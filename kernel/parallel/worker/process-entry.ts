/** A worker process: runs one target. */
import type net from 'node:net'
import { showOn } from '../../display/display.ts'
import { watchChildren } from '../../output/children.ts'
import { greet, newSinkMemory, Sink, type SinkMemory, ThreadNumber } from '../../output/sink.ts'
import { installStreams } from '../../output/streams.ts'
import { loadOwn } from '../../runtime/modules.ts'
import { socketLink } from '../links.ts'
import type { FromHub, ToHub } from '../protocol.ts'
import { hosting } from './hosting.ts'
import { openWorker } from './worker.ts'

interface Output {
  readonly sink: Sink
  readonly memory: SinkMemory
  /** Begins the process's streams. */
  greet(): void
}

let output: Output | undefined

/** What a starter calls in each new process. */
export function main(link: net.Socket): void {
  output ??= openOutput()
  output.greet()
  work(link, output)
}

/** What a fork server calls once: its children have and know what they need when they begin. */
export async function practise(): Promise<void> {
  const opened = (output ??= openOutput())
  loadOwn('api')
  const { rehearse } = await import('./rehearsal.ts')
  await rehearse(link => work(link, opened))
}

function openOutput(): Output {
  const memory = newSinkMemory()
  const sink = new Sink(memory, ThreadNumber.main)
  sink.unbuffer()
  installStreams(sink)
  showOn(sink)
  watchChildren(sink)
  return { sink, memory, greet: () => greet(memory) }
}

function work(link: net.Socket, { sink, memory }: Output): Disposable {
  return openWorker({
    link: hosting(socketLink<ToHub, FromHub>(link), { sink, memory }),
    sink,
    reusable: false,
    isNearHub: false,
    names: spec => ({ processName: spec.name, threadName: 'MainThread' })
  })
}
