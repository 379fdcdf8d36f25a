import type { Sink, SinkMemory } from '../../output/sink.ts'
import type { FromHub, Link, ToHub } from '../protocol.ts'
import type { HostedThreads } from './hosted-threads.ts'
import { Kept } from './kept.ts'

export interface HostOutput {
  readonly sink: Sink
  readonly memory: SinkMemory
}

/** A process's link to the hub: threads that are started in the process live there, and use the link, too. */
export function hosting(link: Link<ToHub, FromHub>, output: HostOutput): Link<ToHub, FromHub> {
  const kept = new Kept()
  let threads: Promise<HostedThreads> | undefined
  const open = async () => {
    const { HostedThreads } = await import('./hosted-threads.ts')
    return new HostedThreads({ ...output, kept, post: message => link.post(message) })
  }
  return {
    ...link,
    post: (message, transfer) => link.post(kept.keep(message), transfer),
    listen: listener =>
      link.listen(message => {
        if (message.type !== 'thread') return listener(kept.giveBack(message))
        threads ??= open()
        void threads.then(opened => opened.take(message.thread, message.order))
      })
  }
}
