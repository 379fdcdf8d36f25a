import type { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Sink } from '../../output/sink.ts'
import { readOutputBytes } from '../../output/source.ts'
import type { Owner } from '../../session/protocol.ts'
import { drained } from '../start/drain.ts'

/** A process whose output is to be passed on. */
export interface Printing {
  readonly stdout: Readable
  readonly stderr: Readable
  readonly exited: Promise<unknown>
}

/** Puts out what a process prints and says, until it has ended; what its children print later, too. */
export async function passOutput({ stdout, stderr, exited }: Printing, owner: Owner, sink: Sink): Promise<void> {
  void exited.then(() => {
    for (const [from, name] of [[stdout, 'stdout'], [stderr, 'stderr']] as const) from.on('data', late => sink.write(owner, name, late))
  })
  for await (const event of readOutputBytes(stdout, stderr, exited)) {
    if (event.type === 'stream') sink.write(event.owner.cell ? event.owner : owner, event.name, event.text)
    else sink.event(event)
  }
}

/** Resolves when all has been put out that had come from the process when this was called. */
export async function outputPassed({ stdout, stderr }: Printing): Promise<void> {
  await drained([stdout, stderr])
  // `passOutput` hears of it in this turn.
  await setImmediate()
}
