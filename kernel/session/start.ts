/** What runs in a session's process. Its supervisor starts when the main thread has all that a first cell needs. */
import { MessageChannel, SHARE_ENV, Worker } from 'node:worker_threads'
import { entryFile } from '../entry-file.ts'
import { outputServer } from '../output/inherited.ts'
import { openSinkMemory } from '../output/sink.ts'
import { type SupervisorData, WORDS } from './inside.ts'
import { startMainThread } from './main-thread.ts'

const memory = openSinkMemory()
const words = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)
const input = new MessageChannel()
const link = new MessageChannel()
// A port keeps what comes before its listener does; the worker itself would not.
const orders = new MessageChannel()
const output = outputServer()

const workerData: SupervisorData = { sink: memory, output, words, folder: process.cwd(), input: input.port1, link: link.port1, orders: orders.port1 }
const transferList = [input.port1, link.port1, orders.port1]
// With streams of its own: piping them into ours would make our descriptors non-blocking, and each full one a wait of a millisecond.
const streams = { stdin: false, stdout: true, stderr: true }
// What a cell sets in the environment is what processes get.
const supervisor = new Worker(entryFile('session/supervisor-entry'), { workerData, transferList, env: SHARE_ENV, ...streams })

startMainThread({ memory, words, output, input: input.port2, link: link.port2, orders: orders.port2, supervisor })
