import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { errorOf, ran, type RunningKernel, startKernel, valueOf } from './running-kernel.ts'

const dialogs: readonly { readonly cell: string; readonly asks: readonly (readonly [prompt: string, password: boolean])[]; readonly answers: readonly string[]; readonly value: string | undefined }[] = [
  { cell: 'prompt("Name?")', asks: [['Name? ', false]], answers: ['Ada'], value: "'Ada'" },
  { cell: 'prompt("Name?", "nobody")', asks: [['Name? ', false]], answers: [''], value: "'nobody'" },
  { cell: 'confirm("Sure?")', asks: [['Sure? [y/N] ', false]], answers: ['y'], value: 'true' },
  { cell: 'confirm("Sure?")', asks: [['Sure? [y/N] ', false]], answers: [''], value: 'false' },
  { cell: 'alert("Look")', asks: [['Look [Enter] ', false]], answers: [''], value: undefined },
  { cell: 'await input("Line: ")', asks: [['Line: ', false]], answers: ['你好 😀'], value: "'你好 😀'" },
  { cell: 'await input("Secret: ", { password: true })', asks: [['Secret: ', true]], answers: ['xyz'], value: "'xyz'" },
  { cell: '[prompt("a"), prompt("b"), await input("c")]', asks: [['a ', false], ['b ', false], ['c', false]], answers: ['1', '2', '3'], value: "[ '1', '2', '3' ]" }
]

describe('input', () => {
  let kernel: RunningKernel
  before(async () => {
    kernel = await startKernel()
  })
  after(() => kernel[Symbol.asyncDispose]())

  for (const { cell, asks, answers, value } of dialogs) {
    test(`${cell} answered by ${JSON.stringify(answers)}`, async () => {
      const asked: [string, boolean][] = []
      kernel.client.onStdin = (prompt, password) => answers[asked.push([prompt, password]) - 1]
      assert.equal(valueOf(await ran(kernel.client, cell)), value)
      assert.deepEqual(asked, asks)
    })
  }

  test('what was printed before is seen before the question', async () => {
    kernel.client.onStdin = () => 'yes'
    const { stdout } = await ran(kernel.client, 'process.stdout.write("before "); const reply = prompt("?"); console.log(reply)')
    assert.equal(stdout, 'before yes\n')
  })

  test('an answer that nobody has read yet stays while another question is asked', async () => {
    kernel.client.onStdin = prompt => `to ${prompt}`
    assert.equal(valueOf(await ran(kernel.client, 'const [early, late] = [input("a"), input("b")]; const between = [prompt("c"), prompt("d")]; [await early, await late, ...between]')), "[ 'to a', 'to b', 'to c ', 'to d ' ]")
  })

  test('timers go on while input() waits', async () => {
    const ticked = kernel.client.waitFor(message => message.content['text'] === 'tick\n')
    kernel.client.onStdin = async () => {
      await ticked
      return 'done'
    }
    const { stdout } = await ran(kernel.client, 'setTimeout(() => console.log("tick"), 10); console.log(await input("?"))')
    assert.equal(stdout, 'tick\ndone\n')
  })

  for (const cell of ['prompt("?")', 'await input("?")']) {
    test(`${cell} is an error where nobody can answer`, async () => {
      const error = errorOf(await kernel.client.execute(cell, { allow_stdin: false }))
      assert.match(String(error?.evalue), /does not take input/)
    })

    test(`${cell} can be interrupted, and a late answer harms nobody`, async () => {
      const asked = Promise.withResolvers<string>()
      kernel.client.onStdin = prompt => void asked.resolve(prompt)
      const running = kernel.client.execute(cell)
      await asked.promise
      await kernel.client.interrupt()
      assert.equal((await running).reply.content['ename'], 'KeyboardInterrupt')
      await kernel.client.send('stdin', 'input_reply', { value: 'late' })
      kernel.client.onStdin = () => 'mine'
      assert.equal(valueOf(await ran(kernel.client, 'prompt("again")')), "'mine'")
    })
  }
})

describe('process.stdin', () => {
  let kernel: RunningKernel
  before(async () => {
    kernel = await startKernel()
  })
  after(() => kernel[Symbol.asyncDispose]())

  const cells: readonly [story: string, cell: string, value: string, asked: number][] = [
    ['readline, with promises', '{ const lines = require("readline/promises").createInterface({ input: process.stdin }); var told = [await lines.question("a"), await lines.question("b")]; lines.close() }\ntold', "[ 'line 1', 'line 2' ]", 2],
    ['readline, with callbacks', 'var lines = require("readline").createInterface({ input: process.stdin }); await new Promise(resolve => lines.question("a", line => { lines.close(); resolve(line) }))', "'line 1'", 1],
    ['readline that nobody closes', 'require("readline").createInterface({ input: process.stdin }); 1', '1', 0],
    ['line after line', 'var told = []; for await (const line of require("readline").createInterface({ input: process.stdin })) { told.push(line); if (told.length === 2) break }\ntold', "[ 'line 1', 'line 2' ]", 2],
    ['as a stream', 'var all = ""; for await (const part of process.stdin) { all += part; if (all.length > 10) break }\nall', "'line 1\\nline 2\\n'", 2],
    ['an event', 'String(await new Promise(resolve => process.stdin.once("data", resolve)))', "'line 1\\n'", 1]
  ]
  for (const [story, cell, value, asked] of cells) {
    test(story, async () => {
      let lines = 0
      kernel.client.onStdin = () => `line ${++lines}`
      assert.equal(valueOf(await ran(kernel.client, cell)), value)
      assert.ok(lines >= asked)
    })
  }

  const unanswered: readonly (readonly [cell: string, value: string])[] = [
    ['var all = ""; for await (const part of process.stdin) all += part\nall', "''"],
    ['var told = []; for await (const line of require("readline").createInterface({ input: process.stdin })) told.push(line)\ntold', '[]'],
    ['await new Promise(resolve => process.stdin.resume().on("end", () => resolve("ended")))', "'ended'"]
  ]
  for (const [cell, value] of unanswered) {
    test(`is empty where nobody can answer: ${cell}`, async () => {
      const execution = await kernel.client.execute(cell, { allow_stdin: false })
      assert.equal(valueOf(execution), value)
      assert.match(execution.stderr, /^process\.stdin is empty\. This front end does not take input/)
    })
  }

  const questions = ['await require("readline/promises").createInterface({ input: process.stdin }).question("a")', 'require("readline").createInterface({ input: process.stdin }).question("a", () => undefined)']
  for (const cell of questions) {
    test(`a question is an error where nobody can answer: ${cell}`, async () => {
      const error = errorOf(await kernel.client.execute(cell, { allow_stdin: false }))
      assert.match(String(error?.evalue), /does not take input/)
    })
  }

  test('an interrupt while it waits keeps the next cell from nothing', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    kernel.client.onStdin = () => void resolve()
    const running = kernel.client.execute('await require("readline/promises").createInterface({ input: process.stdin }).question("a")')
    await promise
    await kernel.client.interrupt()
    assert.equal((await running).reply.content['ename'], 'KeyboardInterrupt')
    kernel.client.onStdin = () => 'line'
    assert.equal(valueOf(await ran(kernel.client, 'await require("readline/promises").createInterface({ input: process.stdin }).question("a")')), "'line'")
  })
})
