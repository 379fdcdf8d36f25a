import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parentOf, streamText, typeOf } from '../support/jupyter-client.ts'
import { closedGate } from './gate.ts'
import { ran, type RunningKernel, startKernel } from './running-kernel.ts'

interface Story {
  readonly story: string
  readonly cell: string
  readonly stdout?: string
  readonly stderr?: string
}

const stories: readonly Story[] = [
  { story: 'one line', cell: 'console.log("a")', stdout: 'a\n' },
  { story: 'no end of line', cell: 'process.stdout.write("a"); process.stdout.write("b")', stdout: 'ab' },
  { story: 'nothing', cell: 'process.stdout.write("")' },
  { story: 'an empty line', cell: 'console.log()', stdout: '\n' },
  { story: 'stderr', cell: 'console.error("e"); process.stderr.write("f")', stderr: 'e\nf' },
  { story: 'several values and a format', cell: 'console.log("%s is %d", "x", 3, { a: 1 })', stdout: 'x is 3 { a: 1 }\n' },
  { story: 'info and debug', cell: 'console.info(1); console.debug(2)', stdout: '1\n2\n' },
  { story: 'warn', cell: 'console.warn("w")', stderr: 'w\n' },
  { story: 'assert', cell: 'console.assert(1 > 2, "small"); console.assert(true, "silent")', stderr: 'Assertion failed: small\n' },
  { story: 'group', cell: 'console.group("g"); console.log("in"); console.groupEnd(); console.log("out")', stdout: 'g\n  in\nout\n' },
  { story: 'count', cell: 'console.count("c"); console.count("c"); console.countReset("c"); console.count("c")', stdout: 'c: 1\nc: 2\nc: 1\n' },
  { story: 'dir', cell: 'console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 })', stdout: '{ a: [Object] }\n' },
  { story: 'a detached method', cell: 'const { log } = console; log("detached")', stdout: 'detached\n' },
  { story: 'a console of its own', cell: 'new console.Console(process.stdout, process.stderr).error("own")', stderr: 'own\n' },
  { story: 'bytes', cell: 'process.stdout.write(new Uint8Array([104, 105]))', stdout: 'hi' },
  { story: 'an encoding', cell: 'process.stdout.write("6869", "hex")', stdout: 'hi' },
  { story: 'wide characters', cell: 'console.log("你好 😀 é")', stdout: '你好 😀 é\n' },
  { story: 'a character cut in its bytes', cell: 'for (const byte of Buffer.from("你😀")) process.stdout.write(Uint8Array.of(byte))', stdout: '你😀' },
  { story: 'a character cut by the other stream', cell: 'const [a, ...b] = Buffer.from("你")\nprocess.stdout.write(Uint8Array.of(a)); console.error("e"); process.stdout.write(Uint8Array.from(b))', stdout: '你', stderr: 'e\n' },
  { story: 'a carriage return and control characters', cell: 'process.stdout.write("1%\\r2%\\r\\u001b[31mred\\u001b[0m\\u0000\\u0007")', stdout: '1%\r2%\r\u001b[31mred\u001b[0m\u0000\u0007' },
  { story: 'a callback of write', cell: 'await new Promise(done => process.stdout.write("x", done)); console.log("y")', stdout: 'xy\n' },
  { story: 'a stream piped in', cell: 'await require("stream/promises").pipeline(require("stream").Readable.from(["p", "q"]), process.stdout, { end: false })', stdout: 'pq' },
  { story: 'the descriptor itself', cell: 'console.log("a"); require("fs").writeSync(1, "b\\n"); console.log("c")', stdout: 'a\nb\nc\n' },
  { story: 'the descriptor of stderr', cell: 'require("fs").writeSync(2, "raw\\n")', stderr: 'raw\n' },
  { story: 'a child that blocks', cell: 'console.log("a"); require("child_process").execSync("echo b", { stdio: "inherit" }); console.log("c")', stdout: 'a\nb\nc\n' },
  { story: 'a child that blocks, on stderr', cell: 'require("child_process").execSync("echo b >&2", { stdio: "inherit" })', stderr: 'b\n' },
  { story: 'a child with pipes stays silent', cell: 'String(require("child_process").execSync("echo b")).trim() === "b" && console.log("got")', stdout: 'got\n' },
  {
    story: 'a child that runs beside',
    cell: 'import { spawn } from "node:child_process"\nimport { once } from "node:events"\nconst child = spawn("sh", ["-c", "echo out; echo err >&2"], { stdio: "inherit" })\nawait once(child, "close")\nconsole.log("end")',
    stdout: 'out\nend\n', stderr: 'err\n'
  },
  { story: 'much by a child', cell: 'require("child_process").execSync("seq 1 100000", { stdio: "inherit" })', stdout: Array.from({ length: 100_000 }, (_, i) => `${i + 1}\n`).join('') },
  { story: 'one long line', cell: 'console.log("x".repeat(5_000_000))', stdout: `${'x'.repeat(5_000_000)}\n` },
  { story: 'many short writes', cell: 'for (let i = 0; i < 50_000; i++) process.stdout.write(i % 10 + "")', stdout: '0123456789'.repeat(5000) },
  { story: 'what looks like JSON or a marker', cell: 'console.log("\\u0000\\u0001{\\"type\\":\\"done\\"}\\u0002\\u001b]")', stdout: '\u0000\u0001{"type":"done"}\u0002\u001b]\n' }
]

describe('output', () => {
  let kernel: RunningKernel
  before(async () => {
    kernel = await startKernel()
  })
  after(() => kernel[Symbol.asyncDispose]())

  for (const { story, cell, stdout = '', stderr = '' } of stories) {
    test(`${story} comes out as it was written`, async () => {
      const execution = await ran(kernel.client, cell)
      assert.equal(execution.stdout, stdout)
      assert.equal(execution.stderr, stderr)
    })
  }

  test('stdout and stderr keep their order', async () => {
    const { outputs } = await ran(kernel.client, 'for (let i = 0; i < 300; i++) i % 3 ? console.log(i) : console.error(i)')
    const lines = outputs.flatMap(({ content }) => String(content['text']).trimEnd().split('\n').map(line => `${content['name']} ${line}`))
    assert.deepEqual(lines, Array.from({ length: 300 }, (_, i) => `${i % 3 ? 'stdout' : 'stderr'} ${i}`))
  })

  test('20 MB in 200,000 lines, not a byte lost, in few messages', async () => {
    const { stdout, outputs } = await ran(kernel.client, 'for (let i = 0; i < 200_000; i++) console.log(String(i).padStart(99, "."))')
    assert.equal(stdout.length, 20_000_000)
    assert.ok(stdout === Array.from({ length: 200_000 }, (_, i) => `${String(i).padStart(99, '.')}\n`).join(''), 'each line is there, in order')
    assert.ok(outputs.length < 1000, `${outputs.length} messages`)
  })

  test('a slow reader loses nothing either', async () => {
    await using slow = await startKernel({ client: { iopubHighWaterMark: 1000 } })
    const printed = slow.client.waitFor(message => typeOf(message) === 'stream')
    const goOn = slow.client.pauseOutput()
    const running = slow.client.execute('for (let i = 0; i < 200_000; i++) console.log(String(i).padStart(99, "."))')
    // While nobody reads the output, the kernel goes on answering.
    assert.equal(await slow.client.heartbeat('there?'), 'there?')
    goOn()
    await printed
    assert.equal((await running).stdout.length, 20_000_000)
  })

  test('what is printed before the cell blocks is seen while it blocks', async () => {
    await using gate = await closedGate()
    const seen = kernel.client.waitFor(message => streamText([message], 'stdout').includes('first'))
    const running = kernel.client.execute(`console.log("first"); while (!${gate.code}) {}; console.log("last")`)
    await seen
    await gate.open()
    assert.equal((await running).stdout, 'first\nlast\n')
  })

  test('a flood before the cell blocks is seen to its last line', async () => {
    await using gate = await closedGate()
    const seen = kernel.client.waitFor(message => streamText([message], 'stdout').includes('line 4999\n'))
    const running = kernel.client.execute(`for (let i = 0; i < 5000; i++) console.log("line", i)\nwhile (!${gate.code}) {}`)
    await seen
    await gate.open()
    await running
  })

  // Each calls `late` when the cell has ended; the next cell waits for that.
  const late: readonly [story: string, code: string][] = [
    ['a timer', 'setTimeout(late, 30)'],
    ['an interval', 'const t = setInterval(() => { late(); clearInterval(t) }, 30)'],
    ['a promise', 'void new Promise(r => setTimeout(r, 30)).then(late)'],
    ['an event', 'const e = new (require("events"))(); setTimeout(() => e.emit("x"), 30); e.on("x", late)'],
    ['a child program', 'require("child_process").spawn("sh", ["-c", "sleep 0.05; echo late"]).stdout.on("data", late)']
  ]
  for (const [story, code] of late) {
    test(`late output of ${story} goes to its own cell`, async () => {
      const arrived = kernel.client.waitFor(message => streamText([message], 'stdout') === 'late\n')
      const first = await ran(kernel.client, `var came = Promise.withResolvers<void>(), late = () => { console.log("late"); came.resolve() }\n{ ${code} }`)
      const second = await ran(kernel.client, 'console.log("second"); await came.promise')
      assert.equal(second.stdout, 'second\n')
      assert.equal(parentOf(await arrived), first.id)
    })
  }

  test('a cell that ends in an error keeps what it printed', async () => {
    const { stdout, outputs } = await kernel.client.execute('console.log("before"); throw new Error("after")')
    assert.equal(stdout, 'before\n')
    assert.deepEqual(outputs.map(typeOf), ['stream', 'error'])
  })
})
