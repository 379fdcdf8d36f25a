import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parentOf, streamText, typeOf, type Execution, type JupyterClient } from '../support/jupyter-client.ts'
import type { WireMessage } from '../support/message-spec.ts'
import { closedGate } from './gate.ts'
import { errorOf, ran, type RunningKernel, startKernel, valueOf } from './running-kernel.ts'

describe('cells in the background', () => {
  let kernel: RunningKernel
  let client: JupyterClient
  before(async () => {
    kernel = await startKernel()
    client = kernel.client
    await ran(client, "import { jobs, Queue, sleep } from 'paracell'")
  })
  after(() => kernel[Symbol.asyncDispose]())

  for (const kind of ['process', 'thread']) {
    describe(`%%${kind} --background`, () => {
      const behind = (options: string, body: string) => ran(client, `%%${kind} --background ${options}\n${body}`)

      test('ends at once; its output keeps coming to it; its value can be had later', async () => {
        await using gate = await closedGate()
        const cell = await behind('--out job', `while (!${gate.code}) await new Promise(r => setTimeout(r, 5))\nconsole.log("late")\n6 * 7`)
        assert.equal(cell.stdout, '')
        assert.match(shown(cell.outputs), new RegExp(`^▶ job: a ${kind}, running since `))
        assert.equal(valueOf(await ran(client, 'const late = job.result(); [job.name, job.kind, job.state, job.isAlive(), job.pids.length, job.exitCodes]')), `[ 'job', '${kind}', 'running', true, 1, [ undefined ] ]`)
        const printed = client.waitFor(message => streamText([message], 'stdout') === 'late\n')
        const ended = client.waitFor(message => typeOf(message) === 'update_display_data')
        await gate.open()
        assert.equal(parentOf(await printed), cell.id)
        const update = await ended
        assert.equal(parentOf(update), cell.id)
        assert.match(shown([update]), new RegExp(`^✓ job: a ${kind}, done after \\d`))
        assert.deepEqual(update.content['transient'], cell.outputs[0]?.content['transient'])
        assert.equal(valueOf(await ran(client, '[await late, await job.join(), job.state, job.exitCodes, jobs().length]')), "[ 42, true, 'done', [ 0 ], 0 ]")
      })

      test('in several: labelled output, an array of results', async () => {
        const cell = await behind('-n 4 --out four', 'console.log("line")\nrank ** 2')
        assert.match(shown(cell.outputs), new RegExp(`^▶ four: 4 ${kind === 'process' ? 'processes' : 'threads'}, running`))
        assert.equal(valueOf(await ran(client, '[await four.result(), four.workers.map(w => w.name)]')), "[ [ 0, 1, 4, 9 ], [ 'four-0', 'four-1', 'four-2', 'four-3' ] ]")
        assert.deepEqual(linesOf(client, cell, 'stdout').toSorted(), [0, 1, 2, 3].map(rank => `[four-${rank}] line`))
      })

      test('a failure is told with the line of the cell, there and to who asks for the result', async () => {
        const ended = client.waitFor(message => shown([message]).startsWith('✗'))
        const cell = await behind('--name bad', '\nthrow new RangeError("too far")')
        assert.match(shown([await ended]), /^✗ bad: a \w+, failed after .*: RangeError: too far$/)
        const place = new RegExp(`bad failed: RangeError: too far\n +at .*cell-${cell.reply.content['execution_count']}\\.ts:3:7`)
        assert.match(linesOf(client, cell, 'stderr').join('\n'), place)
        await behind('--out worse', 'await sleep(0)\nthrow new RangeError("farther")')
        const error = errorOf(await client.execute('await worse.result()'))
        assert.match(valueOf(await ran(client, 'const worst = worse; await worst.join(); worst')) ?? '', /^✗ worse: .*: RangeError: farther$/)
        assert.deepEqual([error?.ename, error?.evalue], ['RangeError', 'farther'])
        assert.match(String(error?.traceback), /cell-\d+\.ts:3:7.* {4}at worse/s)
      })

      test('stop ends it, also where it is busy', async () => {
        await behind('-n 2 --out busy', 'for (;;) {}')
        assert.equal(valueOf(await ran(client, 'await busy.stop(); [busy.state, busy.exitCodes, jobs().length]')), "[ 'stopped', [ -15, -15 ], 0 ]")
      })

      test('a timeout ends it, however busy the session is', async () => {
        const ended = client.waitFor(message => shown([message]).startsWith('✗'))
        await behind('--timeout 50 --out slow', 'for (;;) {}')
        await ran(client, 'for (const end = performance.now() + 200; performance.now() < end; ) {}')
        assert.match(shown([await ended]), /^✗ slow: .* failed after .*: TimedOut: it took longer than 50 ms and was ended$/)
        assert.equal(valueOf(await ran(client, '[slow.state, slow.exitCodes]')), "[ 'failed', [ -9 ] ]")
      })

      test('how long it took does not count how long the session was too busy to hear of its end', async () => {
        await using gate = await closedGate()
        await using end = await closedGate()
        await behind('--out quick', `while (!${end.code}) {}`)
        await ran(client, '%jobs --every 50')
        const blocks = client.waitFor(message => streamText([message], 'stdout') === 'blocks\n')
        const busy = client.execute(`console.log("blocks"); while (!${gate.code}) {}; const freed = new Date()`)
        await blocks
        const over = client.waitFor(message => /^quick .*exit 0/m.test(shown([message])))
        await end.open()
        await over
        await gate.open()
        await busy
        assert.equal(valueOf(await ran(client, 'await quick.join(); quick.workers[0]!.endedAt! < freed')), 'true')
      })

      test('an interrupt of a later cell does nothing to it', async () => {
        await behind('--out steady', 'for (;;) await new Promise(r => setTimeout(r, 5))')
        const begun = client.waitFor(message => streamText([message], 'stdout') === 'waits\n')
        const waiting = client.execute('console.log("waits"); for (;;) {}')
        await begun
        await client.interrupt()
        assert.equal(errorOf(await waiting)?.ename, 'KeyboardInterrupt')
        assert.equal(valueOf(await ran(client, 'const before = steady.state; await steady.stop(); [before, steady.state]')), "[ 'running', 'stopped' ]")
      })

      test('of two with the same name the second is refused, or takes the place of the first', async () => {
        await behind('--out one', 'for (;;) await sleep(5)')
        const refused = errorOf(await client.execute(`%%${kind} --background --out one\n1`))
        assert.match(String(refused?.evalue), /"one" still runs in the background, since .*%jobs stop one.*--replace/)
        await ran(client, 'const first = one')
        await behind('--out one --replace', '2')
        assert.equal(valueOf(await ran(client, '[first.state, await one.result()]')), "[ 'stopped', 2 ]")
      })

      test('what cannot travel is refused before anything starts', async () => {
        const refused = errorOf(await client.execute(`let unshippable = new WeakMap()\n{ const held = new WeakMap(); globalThis.makes = () => held }`))
        assert.equal(refused, undefined)
        await ran(client, 'const makes = (globalThis as any).makes')
        const error = errorOf(await client.execute(`%%${kind} --background --out never\nmakes()`))
        assert.match(String(error?.evalue), /WeakMap/)
        assert.equal(valueOf(await ran(client, 'jobs().length')), '0')
      })
    })
  }

  test('each gets a name of its own', async () => {
    for (let count = 0; count < 2; count++) await ran(client, '%%thread --background\nfor (;;) await sleep(5)')
    assert.match(String(valueOf(await ran(client, 'jobs().map(job => job.name).join()'))), /^'job-\d+,job-\d+'$/)
    assert.equal(valueOf(await ran(client, 'await Promise.all(jobs().map(job => job.stop())); jobs().length')), '0')
  })

  test('a job is shown as it is', async () => {
    await ran(client, '%%thread --background --out shownJob\n1')
    assert.match(String(valueOf(await ran(client, 'await shownJob.join(); shownJob'))), /^✓ shownJob: a thread, done after /)
  })

  test('it talks with the cells by a queue', async () => {
    await ran(client, 'const asked = new Queue<number>(), answered = new Queue<number>()')
    await ran(client, '%%process --background --out server\nfor await (const n of asked) await answered.put(n * 2)')
    assert.equal(valueOf(await ran(client, 'await asked.put(21); await answered.get()')), '42')
    assert.equal(valueOf(await ran(client, 'asked.close(); await server.join(); server.state')), "'done'")
  })

  const refusals: readonly (readonly [cell: string, says: RegExp])[] = [
    ['%%process --replace\n1', /--replace is for a cell with --background/],
    ['%%thread --background --out 1x\n1', /variable can't be called "1x"/],
    ['%%thread --backgruond\n1', /--backgruond.*--background/s]
  ]
  for (const [cell, says] of refusals) {
    test(`${JSON.stringify(cell)} is refused`, async () => assert.match(String(errorOf(await client.execute(cell))?.evalue), says))
  }
})

function shown(messages: readonly WireMessage[]): string {
  const display = messages.find(message => typeOf(message).endsWith('display_data'))
  return (display?.content['data'] as Record<string, string> | undefined)?.['text/plain'] ?? ''
}

/** What a cell printed until now, after its end as well. */
function linesOf({ iopub }: JupyterClient, { id }: Execution, name: 'stdout' | 'stderr'): string[] {
  return streamText(iopub.filter(message => parentOf(message) === id), name).trimEnd().split('\n')
}
