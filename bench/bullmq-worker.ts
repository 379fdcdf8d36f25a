/** A bare worker of BullMQ, with the settings of `paracell worker`: squares numbers. */
import { Worker } from 'bullmq'
import { Redis } from 'ioredis'

const connection = new Redis(process.argv[2] ?? '', { maxRetriesPerRequest: null })
const options = { connection, concurrency: 1, lockDuration: 10_000, stalledInterval: 5000, removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } }
const worker = new Worker<{ readonly n: number }, number>('squares', async ({ data: { n } }) => n * n, options)
await worker.waitUntilReady()
console.log('ready')
