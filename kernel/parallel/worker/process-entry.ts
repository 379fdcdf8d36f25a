/** A worker process: runs one target. */
import type net from 'node:net'
import { openSinkMemory, Sink } from '../../output/sink.ts'
import { installStreams } from '../../output/streams.ts'
import { watchChildren } from '../../output/children.ts'
import { socketLink } from '../links.ts'
import type { FromHub, ToHub } from '../protocol.ts'
import { openWorker } from './worker.ts'

/** What a starter calls in each new process. */
export function main(link: net.Socket): void {
  const sink = new Sink(openSinkMemory(), 1)
  sink.unbuffer()
  installStreams(sink)
  watchChildren(sink)
  openWorker({
    link: socketLink<ToHub, FromHub>(link),
    sink,
  reusable: false,
    names: spec => ({ processName: spec.name, threadName: 'MainThread' })
  })
}
