import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { closedGate } from './gate.ts'
import { errorOf, ran, type RunningKernel, startKernel, valueOf } from './running-kernel.ts'

interface Story {
  readonly story: string
  /** All but the last prepare; each runs for both kinds of workers where it says `Worker`. */
  readonly cells: readonly string[]
  readonly stdout?: string
  readonly stderr?: RegExp
  readonly value?: string
}

const IMPORT = "import { Process, Thread, Queue, Lock, currentProcess, currentThread, call, sleep } from 'paracell'"

const alike: readonly Story[] = [
  { story: 'runs a function of the notebook', cells: ['function hello(name: string) { console.log("hello", name) }', 'const w = new Worker({ target: hello, args: ["you"] }); w.start(); await w.join(); w.exitCode'], stdout: 'hello you\n', value: '0' },
  { story: 'uses functions, classes, constants and imports transitively', cells: ["import { basename } from 'node:path'\nconst SUFFIX = '.ts'\nclass Namer { name(p: string) { return basename(p, SUFFIX) } }\nfunction outer(p: string) { return new Namer().name(p) }", 'const w = new Worker({ target: outer, args: ["/x/file.ts"] }); w.start(); await w.result()'], value: "'file'" },
  { story: 'takes captured local variables along', cells: ['function make(n: number) { return () => n * 2 }', 'const w = new Worker({ target: make(21), args: [] }); w.start(); await w.result()'], value: '42' },
  { story: 'returns what can be copied', cells: ['const w = new Worker({ target: () => new Map([["a", [1, { b: 2n }]]]), args: [] }); w.start(); await w.result()'], value: "Map(1) { 'a' => [ 1, { b: 2n } ] }" },
  { story: 'fails with name and line on stderr', cells: ['function bad() {\n  throw new TypeError("broken")\n}', 'const w = new Worker({ target: bad, name: "Bob" }); w.start(); await w.join(); w.exitCode'], stderr: /Bob failed: TypeError: broken\n +at .*bad \(cell-\d+\.ts:2:9\)/, value: '1' },
  { story: 'exits with its own code', cells: ['const w = new Worker({ target: () => process.exit(7) }); w.start(); await w.join(); w.exitCode'], value: '7' },
  { story: 'is -9 when killed', cells: ['const w = new Worker({ target: () => { for (;;) {} } }); await w.start(); w.kill(); await w.join(); [w.exitCode, w.signal, w.isAlive()]'], value: "[ -9, 'SIGKILL', false ]" },
  { story: 'is -15 when terminated', cells: ['const w = new Worker({ target: () => new Promise(r => setTimeout(r, 1e6)) }); await w.start(); w.terminate(); await w.join(); w.exitCode'], value: '-15' },
  { story: 'a join gives up after its timeout', cells: ['const w = new Worker({ target: () => { for (;;) {} } }); w.start(); const ended = await w.join({ timeout: 50 }); const alive = w.isAlive(); w.kill(); await w.join(); [ended, alive]'], value: '[ false, true ]' },
  { story: 'a queue brings items in their order', cells: ['async function produce(q: Queue<number>) { for (let i = 0; i < 5; i++) await q.put(i); await q.put(-1) }', 'const q = new Queue<number>(); const w = new Worker({ target: produce, args: [q] }); w.start(); const got: number[] = []; for (let v = await q.get(); v >= 0; v = await q.get()) got.push(v); await w.join(); got'], value: '[ 0, 1, 2, 3, 4 ]' },
  { story: 'a lock lets one in at a time', cells: ['async function careful(lock: Lock, q: Queue<string>, me: number) { for (let i = 0; i < 3; i++) await lock.with(async () => { await q.put("in"); await sleep(2); await q.put("out") }) }', 'const lock = new Lock(); const q = new Queue<string>(); const ws = [0, 1, 2].map(i => new Worker({ target: careful, args: [lock, q, i] })); for (const w of ws) w.start(); for (const w of ws) await w.join(); const log: string[] = []; while (!(await q.empty())) log.push(await q.get()); log.join(" ")'], value: `'${Array.from({ length: 9 }, () => 'in out').join(' ')}'` },
  { story: 'tells who it is', cells: [`const w = new Worker({ target: () => [currentProcess().name, currentThread().name, typeof currentProcess().pid], name: "Eve" }); w.start(); (await w.result() as string[]).includes("Eve")`], value: 'true' },
  { story: 'many at once', cells: ['const ws = Array.from({ length: 8 }, (_, i) => new Worker({ target: (n: number) => n * n, args: [i] })); for (const w of ws) w.start(); await Promise.all(ws.map(w => w.result()))'], value: '[\n   0,  1,  4,  9,\n  16, 25, 36, 49\n]' }
]

const magics: readonly Story[] = [
  { story: 'runs the cell', cells: ['%%KIND\nconsole.log("in", rank, size)\nrank + 40'], stdout: 'in 0 1\n', value: '40' },
  { story: 'in several, labelled', cells: ['%%KIND -n 3 --name w --no-label\nrank * 10'], value: '[ 0, 10, 20 ]' },
  { story: 'hands its value to a variable', cells: ['%%KIND --out answer\n42', 'answer'], value: '42' },
  { story: 'starts others itself', cells: ['const Other = Process', '%%KIND\nconst inner = async () => { const last = new Thread({ target: () => "last" }); last.start(); return await last.result() }\nconst first = new Process({ target: inner }), second = new Thread({ target: inner }), third = new Other({ target: inner })\nfor (const each of [first, second, third]) each.start()\nawait Promise.all([first, second, third].map(each => each.result()))'], value: "[ 'last', 'last', 'last' ]" },
  { story: 'uses what the notebook has', cells: ['const base = 5; function twice(n: number) { return n * 2 }', '%%KIND\ntwice(base)'], value: '10' }
]

const refusals: readonly (readonly [cell: string, says: RegExp])[] = [
  ['%%nothing\n1', /no magic %%nothing.*%%process.*%%thread/s],
  ['%%process --colour red\n1', /--colour.*--count COUNT.*--timeout MILLISECONDS/s],
  ['%%thread -n many\n1', /whole number.*many/],
  ['%%process -n 0\n1', /whole number/],
  ['%%process --timeout soon\n1', /whole number.*soon/],
  ['%%process --out 1x\n1', /variable can't be called "1x"/],
  ['%%process\nprompt("name")', /prompt\(\) works in plain cells only: ask there/],
  ['%%thread\nawait input("name")', /input\(\) works in plain cells only: ask there/],
  ['%%thread\nawait require("readline/promises").createInterface({ input: process.stdin }).question("name")', /A question of readline works in plain cells only/],
  ['%%process\nrequire("readline").createInterface({ input: process.stdin }).question("name", () => undefined)', /A question of readline works in plain cells only/]
]

describe('workers', () => {
  let kernel: RunningKernel
  before(async () => {
    kernel = await startKernel()
    await ran(kernel.client, IMPORT)
  })
  after(() => kernel[Symbol.asyncDispose]())

  const check = async ({ cells, stdout, stderr, value }: Story, change: (cell: string) => string): Promise<void> => {
    const executions = []
    for (const cell of cells) executions.push(await ran(kernel.client, change(cell)))
    const last = executions.at(-1)!
    if (stderr) assert.match(last.stderr, stderr)
    else assert.equal(last.stderr, '')
    assert.equal(last.stdout, stdout ?? '')
    assert.equal(valueOf(last), value)
  }

  for (const kind of ['Process', 'Thread']) {
    for (const story of alike) test(`${kind}: ${story.story}`, () => check(story, cell => cell.replaceAll('Worker', kind)))
    test(`${kind}: what it prints is seen while the cell blocks`, async () => {
      await using gate = await closedGate()
      const seen = kernel.client.waitFor(message => message.content['text'] === 'from the worker\n')
      const cell = `const w = new ${kind}({ target: () => { console.log("from the worker") } }); w.start(); while (!${gate.code}) {}; await w.join()`
      const running = kernel.client.execute(cell)
      await seen
      await gate.open()
      assert.equal((await running).stdout, 'from the worker\n')
    })
    for (const story of magics) test(`%%${kind.toLowerCase()}: ${story.story}`, () => check(story, cell => cell.replaceAll('KIND', kind.toLowerCase())))
  }

  for (const [cell, says] of refusals) {
    test(`${JSON.stringify(cell)} is refused`, async () => {
      const error = errorOf(await kernel.client.execute(cell))
      assert.match(String(error?.evalue), says)
    })
  }

  test('what cannot travel is named, with the way to it, before anything starts', async () => {
    await ran(kernel.client, 'const secret = new WeakMap(); const holder = { deep: [secret] }; function uses() { console.log("started"); return holder }')
    const execution = await kernel.client.execute('const w = new Process({ target: uses }); w.start(); await w.join()')
    assert.match(String(errorOf(execution)?.evalue), /uses.*holder\.deep\[0\].*WeakMap/s)
    assert.equal(execution.stdout, '')
  })

  const confused: readonly (readonly [what: string, value: string, use: string, error: RegExp, hint: RegExp])[] = [
    ['bytes', 'new Uint8Array(3)', 'require("zlib").gzipSync(given)', /must be of type .*Uint8Array/, /Bytes of the notebook .* snapshot\(value\)/s],
    ['an object', '[{ a: 1 }]', 'structuredClone(given)', /could not be cloned/, /Values of the notebook .* snapshot\(value\)/]
  ]
  for (const [what, value, use, error, hint] of confused) {
    test(`a thread that gives native code a reference to ${what} hears of snapshot, which helps`, async () => {
      await ran(kernel.client, `let given: any = ${value}`)
      const failed = await kernel.client.execute(`%%thread\n${use}`)
      assert.match(String(errorOf(failed)?.evalue), error)
      assert.match(failed.stderr, hint)
      await ran(kernel.client, `import { snapshot } from 'paracell'\nconst helped = new Thread({ target: () => { ${use.replace('given', 'snapshot(given)')} } }); helped.start(); await helped.result()`)
    })
  }

  test('a variable that never got its value is told without the way it was looked for', async () => {
    await kernel.client.execute('class Never extends (null as any).x {}')
    const error = errorOf(await kernel.client.execute('const w = new Process({ target: () => Never }); w.start()'))
    assert.match(error?.traceback ?? '', /Never is not defined\n {4}at cell-\d+\.ts:1:\d+$/)
  })

  test('processes copy, threads share', async () => {
    await ran(kernel.client, 'let counter = 0; function count() { counter++ }')
    const run = (kind: string) => ran(kernel.client, `{ const w = new ${kind}({ target: count }); w.start(); await w.join() }`)
    await run('Process')
    assert.equal(valueOf(await ran(kernel.client, 'counter')), '0')
    await run('Thread')
    assert.equal(valueOf(await ran(kernel.client, 'counter')), '1')
  })

  test('a process has a pid of its own, a thread has not', async () => {
    const pids = await ran(kernel.client, 'const p = new Process({ target: () => process.pid }); const t = new Thread({ target: () => process.pid }); p.start(); t.start(); const of = [await p.result(), await t.result()]; [of[0] === p.pid, of[0] !== process.pid, of[1] === process.pid]')
    assert.equal(valueOf(pids), '[ true, true, true ]')
  })

  test('a cell that waits for what only a cell of a subshell could bring is told so, and that one runs after it', async () => {
    const { client } = kernel
    const { reply } = await client.request('create_subshell_request', {}, { channel: 'control' })
    const header = { subshell_id: reply.content['subshell_id'] }
    await ran(client, 'const [desk, inbox] = [new Lock(), new Queue<string>()]')
    const told = client.waitFor(({ content }) => /Deadlock/.test(String(content['text'])))
    const first = client.execute('await desk.acquire(); await inbox.get()', { stop_on_error: false })
    const second = client.execute("await inbox.put('late'); await desk.acquire({ wait: false })", { header })
    assert.match(String((await told).content['text']), /^Deadlock: MainThread waits for an item of the Queue inbox\. None of them can go on by itself: interrupt the cell/)
    await client.interrupt()
    assert.equal(errorOf(await first)?.ename, 'KeyboardInterrupt')
    assert.equal(valueOf(await second), 'false')
  })

  test('each line of several workers carries its label', async () => {
    const { stdout } = await ran(kernel.client, '%%process -n 2 --name w\nconsole.log("a"); console.log("b")')
    assert.deepEqual(stdout.trimEnd().split('\n').toSorted(), ['[w-0] a', '[w-0] b', '[w-1] a', '[w-1] b'])
  })

  test('a failed worker of several fails the cell with its name and line', async () => {
    const execution = await kernel.client.execute('%%process -n 2 --name w\nif (rank === 1) throw new Error("one of us")')
    assert.equal(execution.reply.content['status'], 'error')
    assert.match(execution.stderr, /w-1 failed: Error: one of us/)
    assert.match(execution.stderr, new RegExp(`cell-${execution.reply.content['execution_count']}\\.ts:2:23`))
  })

  test('a cell that takes longer than its timeout is ended', async () => {
    const error = errorOf(await kernel.client.execute('%%process --timeout 100\nfor (;;) {}'))
    assert.match(String(error?.evalue), /--timeout of 100 ms/)
  })

  test('call shows what a command prints and returns its exit status', async () => {
    const { stdout, stderr, ...found } = await ran(kernel.client, "await call(['sh', '-c', 'echo out; echo err >&2; exit 3'])")
    assert.deepEqual([stdout, stderr, valueOf(found)], ['out\n', 'err\n', '3'])
    const missing = await ran(kernel.client, "await call(['no-such-command-at-all'])")
    assert.equal(valueOf(missing), '127')
    assert.match(missing.stderr, /no-such-command-at-all/)
  })
})
