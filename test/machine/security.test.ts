import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { execa } from 'execa'
import { freePort } from '../../kernel/cluster/free-port.ts'
import { newTicket, type SealedTicket, sealTicket } from '../../kernel/cluster/ticket.ts'
import { processesWith } from '../kernel/processes.ts'
import { errorOf, ran, startKernel } from '../kernel/running-kernel.ts'
import { type Notebook, openNotebook } from '../parallel/together/notebook.ts'
import { SETUP } from '../parallel/cluster/notebook.ts'
import { type RunningMachine, startMachine } from '../support/machine.ts'
import { type RunningRedis, startRedis } from '../support/redis.ts'
import { needs } from '../support/system.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** The machine, its fork server, and one that is ready for the next job. */
const ITS_OWN = 3
const PASSWORD = 'password-of-the-redis'

interface Place {
  readonly redis: RunningRedis
  readonly machine: RunningMachine
  readonly notebook: Notebook
  /** As somebody sees it who has the Redis and no key. */
  readonly connection: Redis
  readonly queue: Queue
  readonly keyFile: string
  readonly secret: string
}

describe('a machine with a key', { timeout: 120_000, ...needs('redis-server') }, () => {
  const resources = new AsyncDisposableStack()
  let place: Place

  before(async () => {
    const redis = resources.use(await startRedis(`requirepass ${PASSWORD}`))
    const url = redis.url.replace('//', `//:${PASSWORD}@`)
    const keyFile = join(redis.folder, 'key')
    const secret = randomBytes(32).toString('hex')
    await writeFile(keyFile, `${secret}\n`)
    const machine = resources.use(await startMachine({ url, args: ['--key-file', keyFile, '--name', 'careful', '--concurrency', '2'] }))
    const notebook = resources.use(await openNotebook())
    await notebook.run(SETUP(url, `{ keyFile: '${keyFile}' }`))
    const connection = resources.adopt(new Redis(url, { maxRetriesPerRequest: null }), opened => opened.disconnect())
    const [meta = ''] = await connection.keys('paracell:*:jobs:meta')
    const queue = resources.adopt(new Queue('jobs', { connection, prefix: meta.replace(/:jobs:meta$/, '') }), opened => opened.close())
    place = { redis, machine, notebook, connection, queue, keyFile, secret }
  })
  after(() => resources.disposeAsync())

  test('runs what the holder of the key sends', async () => {
    assert.deepEqual(await place.notebook.run('const p = new Remote({ target: () => 42 }); p.start(); console.log(await p.result())'), ['42'])
  })

  const ticket = (id: string) => newTicket({ id, name: 'forged', session: 'somebody', tags: [], packages: [] })
  const forgeries: Readonly<Record<string, (id: string) => unknown>> = {
    'an unsigned job': id => ({ ticket: JSON.stringify(ticket(id)), target: 'process.exit()' }),
    'a job of another key': id => sealTicket(Buffer.from('another key that is long enough'), ticket(id)),
    'a job with the key of those who have none': id => sealTicket(Buffer.from('paracell, insecure'), ticket(id)),
    'nonsense': () => 'run me'
  }
  for (const [story, forge] of Object.entries(forgeries)) {
    test(`${story} never gets a process`, async () => {
      const id = `forged-${story.replaceAll(/\W/g, '-')}`
      await place.queue.add('forged', forge(id), { jobId: id })
      await place.machine.stderr.waitFor(new RegExp(`Job ${id} was refused: `))
      assert.ok(processesWith(place.machine.mark).length <= ITS_OWN)
    })
  }

  test('a genuine job that is sent again never runs again', async () => {
    const { notebook, connection, queue } = place
    // Nobody takes it until it was copied.
    const gated = notebook.run(`
      const runs = new Value(0)
      const busy = [1, 2].map(() => new Remote({ target: async () => { await sleep(300) } }))
      await Promise.all(busy.map(one => one.start()))
      const once = new Remote({ target: async () => { await runs.add(1) } })
      once.start()
      await once.join()
      console.log(await runs.get())`)
    const job = await waitingJob(queue)
    assert.deepEqual(await gated, ['1'])
    for (let i = 0; i < 5; i++) {
      await queue.add('again', job.data, { jobId: job.id })
      while (await connection.exists(`${queue.opts.prefix}:jobs:${job.id}`)) await new Promise(resolve => setTimeout(resolve, 20))
    }
    assert.deepEqual(await notebook.run('console.log(await runs.get())'), ['1'])
    assert.ok(processesWith(place.machine.mark).length <= ITS_OWN)
  })

  test('neither key nor password is in command lines, outputs, or Redis', async () => {
    const { notebook, machine, connection, secret } = place
    const { error } = await notebook.attempt(`await Cluster.connect('redis://:wrong-${PASSWORD}@127.0.0.1:${place.redis.port}', { keyFile: '${place.keyFile}' })`)
    const shown = [error?.evalue, error?.traceback.join(), ...machine.stdout.lines, ...machine.stderr.lines, ...(await notebook.run('console.log(cluster)'))].join('\n')
    assert.match(error?.evalue ?? '', /wants a password/)
    assert.ok(!shown.includes(PASSWORD) && !shown.includes(secret), shown)
    assert.deepEqual(await notebook.run(`
      const inside = new Remote({ target: () => require('fs').readFileSync('/proc/self/environ', 'latin1') + JSON.stringify(process.env) + process.argv.join() })
      inside.start()
      const text = await inside.result()
      console.log(['${PASSWORD}', '${secret}', 'KEY_FILE'].some(word => text.includes(word)))`), ['false'])
    for (const pid of processesWith(machine.mark)) {
      const listed = readFileSync(`/proc/${pid}/cmdline`, 'latin1')
      assert.ok(!listed.includes(PASSWORD) && !listed.includes(secret), listed)
    }
    for (const key of await connection.keys('*')) assert.ok(!key.includes(secret))
  })

  test('another key is no way to its machine, and that is told', async () => {
    const { notebook, redis } = place
    const other = join(redis.folder, 'other')
    await writeFile(other, randomBytes(32).toString('hex'))
    const url = redis.url.replace('//', `//:${PASSWORD}@`)
    const lines = await notebook.run(`
      const strangers = await Cluster.connect('${url}', { keyFile: '${other}' })
      const stranger = new Process({ target: () => 1, cluster: strangers, name: 'stranger' })
      stranger.start()
      console.log((await strangers.workers()).length, await stranger.join({ timeout: 3500 }))
      stranger.kill()`)
    assert.deepEqual(lines, ['0 false'])
    assert.match(await notebook.printed(/stranger: it waits.*/), /There are machines with another key/)
  })
})

async function waitingJob(queue: Queue): Promise<{ readonly id: string; readonly data: SealedTicket }> {
  for (;;) {
    const [job] = await queue.getJobs(['waiting'])
    if (job?.id) return { id: job.id, data: job.data as SealedTicket }
  }
}


describe('TLS', { timeout: 60_000, ...needs('redis-server', 'openssl') }, () => {
  test('rediss:// is a connection that only who trusts the certificate makes', async () => {
    await using folder = await temporaryFolder()
    const [certificate, key] = [join(folder.path, 'certificate'), join(folder.path, 'key')]
    await execa('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate])
    const port = await freePort()
    await using _redis = await startRedis(`tls-port ${port}\ntls-cert-file ${certificate}\ntls-key-file ${key}\ntls-ca-cert-file ${certificate}\ntls-auth-clients no`)
    const url = `rediss://localhost:${port}`
    const trust = { NODE_EXTRA_CA_CERTS: certificate }
    await using _machine = await startMachine({ url, env: trust })
    await using kernel = await startKernel({ env: trust })
    const cell = `import { Cluster, Process } from 'paracell'
      const child = new Process({ target: () => 'by TLS', cluster: await Cluster.connect('${url}', { insecure: true }) })
      child.start()
      console.log(await child.result())`
    assert.equal((await ran(kernel.client, cell)).stdout, 'by TLS\n')
    await using stranger = await startKernel()
    assert.match(String(errorOf(await stranger.client.execute(cell))?.evalue), /No Redis answers at rediss:\/\/localhost:\d+ \(.*SELF_SIGNED/)
  })
})
