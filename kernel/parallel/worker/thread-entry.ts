/** A worker thread: runs one target after the other. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { showOn } from '../../display/display.ts'
import { lookInsideBy } from '../../display/mime.ts'
import { watchChildren } from '../../output/children.ts'
import type { OutputServer } from '../../output/inherited.ts'
import { Sink, type SinkMemory } from '../../output/sink.ts'
import { installStreams } from '../../output/streams.ts'
import { portLink } from '../links.ts'
import { createSharedFile } from '../shared-memory.ts'
import type { FromHub, Link, ToHub } from '../protocol.ts'
import { variableChannel } from '../share/channel.ts'
import { shownOf } from '../share/shown.ts'
import { connectVariables } from '../share/thread.ts'
import { openWorker } from './worker.ts'

export interface ThreadData {
  readonly sink: SinkMemory
  readonly output: OutputServer | undefined
  /** Where its modules are looked for. */
  readonly folder: string
  /** What the worker process is called that it lives in. Undefined in the session. */
  readonly process: string | undefined
  /** What this thread calls itself towards the sink's lock. */
  readonly number: number
}

const { sink: memory, output, process: host, folder, number } = workerData as ThreadData
const sink = new Sink(memory, number)
installStreams(sink)
showOn(sink)
lookInsideBy(shownOf)
watchChildren(sink, output)
openWorker({
  link: host ? sharingFiles(portLink(parentPort as MessagePort)) : portLink(parentPort as MessagePort),
  folder,
  sink,
  reusable: true,
  isNearHub: host === undefined,
  names: spec => ({ processName: host ?? 'MainProcess', threadName: spec.name }),
  variables: offer => {
    const { owner, thread } = variableChannel()
    offer(owner)
    return connectVariables(thread.port, thread.memory)
  }
})

/** The hub is in another process. */
function sharingFiles(link: Link<ToHub, FromHub>): Link<ToHub, FromHub> {
  return { ...link, share: createSharedFile }
}
