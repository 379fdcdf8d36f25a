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
