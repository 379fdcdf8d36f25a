import { Progress } from '../../display/progress.ts'
import { currentOwner } from '../../session/owner.ts'
import type { Chunk } from './chunks.ts'
import { overlap } from './overlap.ts'
import type { Run } from './run.ts'

/** A bar for what is over at once would only flicker. In milliseconds. */
const PATIENCE = 500

interface Looks {
  readonly label: string
  readonly total: number | undefined
  /** Undefined: in a cell. */
  readonly progress: boolean | undefined
}

/** All results, in order. */
export async function collected(run: Run, chunks: readonly Chunk<unknown>[], looks: Looks): Promise<unknown[]> {
  await using bar = openBar(run, looks)
  const parts = await Promise.all(chunks.map(chunk => run.do(chunk)))
  bar.complete()
  return parts.flat()
}

interface StreamOptions extends Looks {
  readonly ordered: boolean
  readonly limit: number
}

/** The results as they come. */
export async function* streamed(run: Run, chunks: AsyncIterable<Chunk<unknown>>, options: StreamOptions): AsyncGenerator<unknown> {
  await using running = run.begin()
  await using bar = openBar(running, options)
  for await (const { values, error } of overlap(chunks, chunk => running.tryAloud(chunk), options)) {
    yield* values
    if (error) throw error
  }
  bar.complete()
}

interface Bar extends AsyncDisposable {
  /** All was done. */
  complete(): void
}

/** Shows until it is disposed of how far a run is, and then how far it came. */
function openBar(run: Run, { label, total, progress = currentOwner().worker === undefined }: Looks): Bar {
  if (!progress) return { complete: () => undefined, [Symbol.asyncDispose]: async () => undefined }
  const shown = (run.progress = new Progress({ label, ...(total === undefined ? {} : { total }), after: PATIENCE }))
  let problem: string | undefined = 'stopped'
  return {
    complete: () => {
      problem = undefined
    },
    [Symbol.asyncDispose]: () => shown.end(problem)
  }
}
