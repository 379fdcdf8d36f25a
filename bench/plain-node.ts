import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { temporaryFolder } from '../test/support/temporary-folder.ts'
import type { Samples } from './figures.ts'

const WORKERS = 10

/** What starting and joining an empty module costs in Node itself, as a thread and as a process. */
export async function plainNode(): Promise<Samples> {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'empty.mjs')
  await writeFile(file, '')
  return {
    thread: [await timed(() => new Worker(file))],
    process: [await timed(() => fork(file))]
  }
}

async function timed(start: () => NodeJS.EventEmitter): Promise<number> {
  const begin = performance.now()
  for (let i = 0; i < WORKERS; i++) await once(start(), 'exit')
  return (performance.now() - begin) / WORKERS
}
