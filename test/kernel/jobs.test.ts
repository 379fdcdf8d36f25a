import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { type JupyterClient, parentOf, typeOf } from '../support/jupyter-client.ts'
import type { WireMessage } from '../support/message-spec.ts'
import { closedGate } from './gate.ts'
import { gone } from './processes.ts'
import { errorOf, ran, type RunningKernel, startKernel, valueOf } from './running-kernel.ts'

describe('%jobs', () => {
  let kernel: RunningKernel
  let client: JupyterClient
  before(async () => {
    kernel = await startKernel()
    client = kernel.client
    await ran(client, "import { Pool, Process, Queue, sleep, Thread, Timer } from 'paracell'")
  })
  afterEach(() => ran(client, '%jobs stop all'))
  after(() => kernel[Symbol.asyncDispose]())

  const rows = async () => rowsOf(valueOf(await ran(client, '%jobs')))

  test('says that nothing runs', async () => {
    assert.equal(valueOf(await ran(client, '%jobs')), 'Nothing runs.')
    assert.equal((await ran(client, '%jobs stop all')).stdout, 'Nothing runs.\n')
  })

  for (const kind of ['process', 'thread']) {
    test(`tells of a ${kind}: its cell, since when, CPU time and memory`, async () => {
      await ran(client, 'const spent = new Queue<number>()')
      const { reply } = await ran(client, `%%${kind} --background -n 2 --name busy\nconst { user } = process.threadCpuUsage()\nwhile (process.threadCpuUsage().user - user < 100_000) {}\nawait spent.put(rank)\nAtomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1e9)`)
      await ran(client, 'await spent.get(); await spent.get()')
      const [first, second, ...others] = await rows()
      assert.deepEqual(others, [])
      assert.match(String(first), new RegExp(`^busy-0 +${kind} +running +\\[${reply.content['execution_count']}\\] +${kind === 'process' ? '\\d+ +' : ''}\\d\\d:\\d\\d:\\d\\d +[1-9]\\d\\d ms +\\d+ % +\\d+ MB$`))
      assert.match(String(second), new RegExp(`^busy-1 +${kind} `))
    })

    test(`ends a ${kind} by its name`, async () => {
      await ran(client, `%%${kind} --background --name one\nfor (;;) {}`)
      await ran(client, `%%${kind} --background --out two\nfor (;;) {}`)
      assert.equal((await ran(client, '%jobs stop two')).stdout, 'Stopped two.\n')
      assert.equal(valueOf(await ran(client, 'two.state')), "'stopped'")
      assert.deepEqual((await rows()).map(row => row.split(' ')[0]), ['one'])
    })
  }

  test('tells of what workers have started, of pools and of timers, and ends them', async () => {
    await ran(client, 'const told = new Queue<string>()')
    await ran(client, "const inner = async (queue: Queue<string>) => { await queue.put('in'); for (;;) {} }; const outer = async (queue: Queue<string>) => { new Process({ target: inner, args: [queue], name: 'inner' }).start(); await sleep(1e6) }")
    await ran(client, "new Process({ target: outer, args: [told], name: 'outer' }).start(); await told.get()")
    await ran(client, "new Timer({ interval: 1e6, function: () => undefined, name: 'later' }).start(); const pool = new Pool({ size: 1, kind: 'thread' }); await pool.map((n: number) => n, [1])")
    const found = (await rows()).map(row => row.split(/ +/).slice(0, 3).join(' '))
    assert.deepEqual(found.filter(row => !row.startsWith('PoolWorker')).toSorted(), ['inner process running', 'later thread waits', 'outer process running'])
    assert.equal(found.filter(row => row.startsWith('PoolWorker')).length, 1)
    assert.match((await ran(client, '%jobs stop all')).stdout, /^Stopped (?=.*inner)(?=.*outer)(?=.*later)(?=.*PoolWorker)/)
    assert.equal(valueOf(await ran(client, '%jobs')), 'Nothing runs.')
  })

  test('ends a process by its number, and one that ignores the first signal', async () => {
    await ran(client, "const stubborn = new Process({ target: async () => { process.on('SIGTERM', () => undefined); console.log('ready'); await sleep(1e6) }, name: 'stubborn' })")
    const ready = client.waitFor(message => message.content['text'] === 'ready\n')
    const pid = Number(valueOf(await ran(client, 'await stubborn.start(); stubborn.pid')))
    await ready
    await ran(client, `%jobs stop ${pid}`)
    await gone(pid)
    assert.equal(valueOf(await ran(client, 'stubborn.signal')), "'SIGKILL'")
  })

  test('tells of programs, also of those that workers run, and ends them with all that they have started', async () => {
    await ran(client, "import { spawn } from 'paracell'; const [up, here] = [new Queue<number>(), spawn(['sh', '-c', 'trap \"\" TERM; sleep 100 & wait'])]")
    const { reply } = await ran(client, "new Process({ name: 'holder', target: async () => { const there = spawn(['sleep', '101']); await up.put(there.pid as number); await there.wait() } }).start()")
    const inner = Number(valueOf(await ran(client, 'await up.get()')))
    const pid = Number(valueOf(await ran(client, 'here.pid')))
    const found = (await rows()).filter(row => / program /.test(row)).toSorted()
    assert.match(String(found[0]), new RegExp(`^sleep 101 +program +running +\\[${reply.content['execution_count']}\\] +${inner} +\\d\\d:\\d\\d:\\d\\d +\\d+ ms +\\d+ % +\\d+ MB$`))
    assert.match(String(found[1]), new RegExp(`^trap "" TERM; sleep 100 & wait +program +running +${pid} `))
    const { stdout } = await ran(client, `%jobs stop sleep ${pid}`)
    assert.match(stdout, /^Stopped (?=.*sleep 101)(?=.*sleep 100 & wait)/)
    assert.equal(valueOf(await ran(client, '[await here.wait(), here.signal]')), "[ -9, 'SIGKILL' ]")
    assert.deepEqual((await rows()).filter(row => / program /.test(row)), [])
  })

  const refusals: readonly (readonly [line: string, says: RegExp])[] = [
    ['%jobs stop', /takes names, or all\. What runs: keeper\./],
    ['%jobs stop nobody', /Nothing is called "nobody"\. What runs: keeper\./],
    ['%jobs end keeper', /does not know "end".*stop/],
    ['%jobs --every soon', /--every takes a whole number from 50 on, not "soon"/],
    ['%jobs --wach', /--wach.*Usage: %jobs \[-w\/--watch\] \[--every MILLISECONDS\] \[stop NAME…\|all\]/],
    ['%jbos', /no magic %jbos\. Did you mean %jobs\? There are: .*%jobs/],
    ['%process', /%process is for a whole cell: write %%process/],
    ['%%jobs', /%%jobs is for a line: write %jobs/]
  ]
  for (const [line, says] of refusals) {
    test(`${line} is refused`, async () => {
      await ran(client, '%%thread --background --name keeper\nfor (;;) {}')
      assert.match(String(errorOf(await client.execute(line))?.evalue), says)
    })
  }

  test('--watch keeps showing it while a cell blocks, and ends with the last job', async () => {
    await using gate = await closedGate()
    await using end = await closedGate()
    await ran(client, `%%process --background --name ends\nwhile (!${end.code}) {}`)
    const watch = await ran(client, '%jobs --watch --every 50')
    assert.equal(typeOf(watch.outputs[0]!), 'display_data')
    const update = (fits: (rows: readonly string[]) => boolean) => client.waitFor(message => typeOf(message) === 'update_display_data' && parentOf(message) === watch.id && fits(rowsOf(textOf(message))))
    const blocked = client.execute(`while (!${gate.code}) {}`)
    await update(([row]) => / running .* \d+ %/.test(String(row)))
    const ended = update(([row]) => /^ends +process +exit 0/.test(String(row)))
    await end.open()
    await ended
    await gate.open()
    await blocked
    const after = client.iopub.length
    await ran(client, '%%thread --background --name next\nfor (;;) {}')
    // The end of the last worker would wake one that still watches.
    await ran(client, '%jobs stop next')
    await ran(client, '%jobs')
    assert.deepEqual(client.iopub.slice(after).filter(message => parentOf(message) === watch.id), [])
  })

  test('only the newest --watch goes on', async () => {
    await ran(client, '%%thread --background --name watched\nfor (;;) {}')
    const older = await ran(client, '%jobs -w --every 50')
    const newer = await ran(client, '%jobs -w --every 50')
    const after = client.iopub.length
    await client.waitFor(message => typeOf(message) === 'update_display_data' && parentOf(message) === newer.id)
    assert.deepEqual(client.iopub.slice(after).filter(message => parentOf(message) === older.id), [])
  })
})

function textOf(message: WireMessage): string {
  return (message.content['data'] as Record<string, string>)['text/plain'] ?? ''
}

/** The lines of a table below its head. */
function rowsOf(table = ''): string[] {
  return table.split('\n').slice(1)
}
