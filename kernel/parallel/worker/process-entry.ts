/** A worker process: runs one target. */
import type net from 'node:net'
import { showOn } from '../../display/display.ts'
import { watchChildren } from '../../output/children.ts'
import { openSinkMemory, Sink, ThreadNumber } from '../../output/sink.ts'
import { installStreams } from '../../output/streams.ts'
import { capture } from '../capture/capture.ts'
import type { Scope } from '../capture/parcel.ts'
import { restore } from '../capture/restore.ts'
import { socketLink } from '../links.ts'
import type { FromHub, ToHub } from '../protocol.ts'
import { Globals } from './globals.ts'
import { openWorker } from './worker.ts'

/** What a starter calls in each new process. */
export function main(link: net.Socket): void {
  const sink = new Sink(openSinkMemory(), ThreadNumber.main)
  sink.unbuffer()
  installStreams(sink)
  showOn(sink)
  watchChildren(sink)
  openWorker({
    link: socketLink<ToHub, FromHub>(link),
    sink,
    reusable: false,
    names: spec => ({ processName: spec.name, threadName: 'MainThread' })
  })
}

/** Sends a function from here to here: what that takes is loaded and compiled then. */
export async function practise(): Promise<void> {
  using globals = new Globals(new Map())
  const scope: Scope = { lookup: () => undefined, location: () => ({ file: 'practice.ts', line: 1, column: 1 }), closure: () => [] }
  const parcel = capture({ target: (name: string) => [name], args: ['name', { list: [1] }] }, scope, 'copy', 'the target of a practice')
  const { target } = (await restore(parcel, globals.realm(() => undefined))) as { target(name: string): unknown }
  target('name')
}
