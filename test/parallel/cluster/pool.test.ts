import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { needs } from '../../support/system.ts'
import { poolContract } from '../pool/contract.ts'
import { type Notebook, openNotebook } from '../pool/notebook.ts'
import { openCluster } from './notebook.ts'

const connect = (url: string): string => `
  import { Cluster } from 'paracell'
  const cluster = await Cluster.connect('${url}', { insecure: true })`

async function open(): Promise<Notebook> {
  const cluster = await openCluster()
  const notebook = openNotebook()
  await notebook.value(connect(cluster.redis.url))
  const close = async () => {
    await notebook[Symbol.asyncDispose]()
    await cluster[Symbol.asyncDispose]()
  }
  return { ...notebook, [Symbol.asyncDispose]: close }
}

const setup = 'class Pool extends PlainPool<any> { constructor(options: any) { super({ cluster, ...options }) } }'
poolContract('Pool of a cluster', { kind: 'process', open, setup, options: needs('redis-server') })

describe('quick calls, which travel together', { timeout: 60_000, ...needs('redis-server') }, () => {
  let notebook: Notebook
  before(async () => {
    notebook = await open()
    await notebook.value(`
      import { Pool } from 'paracell'
      const pool = new Pool({ cluster, size: 2 })
      const numbers = Array.from({ length: 2000 }, (_, i) => i)
      await pool.map(n => n, numbers, { chunksize: 1 })`)
  })
  after(() => notebook[Symbol.asyncDispose]())

  const blamed: Readonly<Record<string, readonly [call: string, says: RegExp]>> = {
    'throws': ["if (n === 1234) throw new Error('boom')", /Error: boom[^]*at PoolWorker-\d+@\w+, item 1234/],
    'exits': ['if (n === 1234) process.exit(3)', /it ended with exit code 3 while it had item 1234/],
    'is killed each time': ["if (n === 1234) process.kill(process.pid, 'SIGKILL')", /ended by SIGKILL while it had item 1234/],
    'returns what can not travel': ["if (n === 1234) return require('net').createServer()", /results of a Pool/]
  }
  for (const [story, [call, says]] of Object.entries(blamed)) {
    test(`the one that ${story} is named, and the others are done`, async () => {
      const { error } = await notebook.run(`await pool.map((n: number) => { ${call}; return n }, numbers, { chunksize: 1 })`)
      assert.match(error ?? '', says)
      const { value } = await notebook.run(`(await pool.map((n: number) => { ${call.replace('1234', '-1')}; return n }, numbers, { chunksize: 1 })).every((n, i) => n === i)`)
      assert.equal(value, 'true')
    })
  }

  test('each has its own result, also where others fail', async () => {
    const { value } = await notebook.run(`
      const outcomes = await Promise.allSettled(numbers.slice(0, 300).map(n => pool.apply((n: number) => { if (n % 100 === 7) throw new Error('no ' + n); return n }, [n])))
      outcomes.every((outcome, n) => outcome.status === 'fulfilled' ? outcome.value === n && n % 100 !== 7 : outcome.reason.message.endsWith('no ' + n))`)
    assert.equal(value, 'true')
  })
})
