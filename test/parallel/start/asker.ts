import { writeSync } from 'node:fs'
import { isMainThread, Worker } from 'node:worker_threads'
import { forkServer } from '../../../kernel/parallel/start/fork-server.ts'
import { spawner } from '../../../kernel/parallel/start/spawner.ts'
import { CHILD, doing, run } from './support.ts'

// A program whose main thread is blocked while another starts processes, and which then waits to be killed.
const [, , kind, path] = process.argv
const make = kind === 'fork' ? forkServer : spawner
process.env['PATH'] = path ?? process.env['PATH'] ?? ''
if (isMainThread) {
  new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) })
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
} else {
  const starter = make(CHILD)
  const { exit, stdout } = await run(starter, doing('exit'))
  const staying = await Promise.all([1, 2, 3].map(() => starter.start(doing('stay'))))
  const identity = await run(starter, doing('identify'))
  const { parent } = JSON.parse(identity.link) as { parent: number }
  writeSync(1, `${JSON.stringify({ exit, stdout, pids: staying.map(({ pid }) => pid), parent })}\n`)
}
