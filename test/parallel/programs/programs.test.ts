import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { allGone, markOf, processesWith } from '../../kernel/processes.ts'
import { type Notebook, openNotebook } from '../pool/notebook.ts'

const values: Readonly<Record<string, readonly [cell: string, value: string]>> = {
  'run gives what was printed': ["await run(['sh', '-c', 'cat; echo err >&2; exit 3'], { input: 'in' })", "{ stdout: 'in', stderr: 'err\\n', exitCode: 3, signal: undefined }"],
  'run takes a line for the shell, and variables': ["(await run('echo $X | tr a b', { env: { X: 'aa' } })).stdout", "'bb\\n'"],
  'run in a folder': ["(await run(['pwd'], { cwd: '/' })).stdout", "'/\\n'"],
  'run reads bytes': ["(await run(['cat'], { input: new Uint8Array([104, 105]) })).stdout", "'hi'"],
  'run with large output': ["(await run(['head', '-c', '5000000', '/dev/zero'])).stdout.length", '5000000'],
  'run tells the signal': ["const { exitCode, signal } = await run(['sh', '-c', 'kill -9 $$']); [exitCode, signal]", "[ -9, 'SIGKILL' ]"],
  'an error has what was printed': ["await run(['sh', '-c', 'echo a; echo b >&2; exit 2'], { check: true }).catch(({ stdout, stderr, exitCode }) => [stdout, stderr, exitCode])", "[ 'a\\n', 'b\\n', 2 ]"],
  'call gives the exit status': ["await call(['sh', '-c', 'exit 3'])", '3'],
  'call with a program that is not there': ["await call(['no-such-program'])", '127'],
  'spawn reads and writes lines': [
    `await using sorter = spawn(['sort'])
     await sorter.stdin.write('b\\n')
     await sorter.stdin.end('a')
     const sorted = await Array.fromAsync(sorter.stdout)
     ;[sorted, await sorter.wait(), sorter.exitCode]`,
    "[ [ 'a', 'b' ], 0, 0 ]"
  ],
  'spawn answers while it runs': [
    `await using echo = spawn(['cat'])
     const answers = echo.stdout[Symbol.asyncIterator]()
     await echo.stdin.write('one\\n')
     const one = (await answers.next()).value
     await echo.stdin.end('two\\n')
     ;[one, (await answers.next()).value]`,
    "[ 'one', 'two' ]"
  ],
  'spawn keeps stderr apart': ["const both = spawn(['sh', '-c', 'echo o; echo e >&2']); [await Array.fromAsync(both.stdout), await Array.fromAsync(both.stderr)]", "[ [ 'o' ], [ 'e' ] ]"],
  'spawn goes on where reading stopped': [
    `const five = spawn(['seq', '1', '5'])
     for await (const line of five.stdout) if (line === '2') break
     await Array.fromAsync(five.stdout)`,
    "[ '3', '4', '5' ]"
  ],
  'wait throws away what nobody reads': ["await spawn(['seq', '1', '100000']).wait()", '0'],
  'wait ends the input that nobody writes': ["await spawn(['cat']).wait()", '0'],
  'pipes': [
    `const words = spawn(['printf', 'b\\\\na\\\\nb\\\\n']).pipe(['sort']).pipe(['uniq', '-c'])
     const counted = (await Array.fromAsync(words.stdout)).map(line => line.trim())
     ;[counted, await words.wait()]`,
    "[ [ '1 a', '2 b' ], 0 ]"
  ],
  'a pipe whose end stops early': ["const two = spawn(['yes']).pipe(['head', '-n', '2']); [await Array.fromAsync(two.stdout), await two.wait()]", "[ [ 'y', 'y' ], 0 ]"],
  'terminate': ["const ended = spawn(['sleep', '1000']); ended.terminate(); [await ended.wait(), ended.signal]", "[ -15, 'SIGTERM' ]"],
  'kill': ["const killed = spawn(['sh', '-c', 'trap \"\" TERM; sleep 1000']); killed.kill(); await killed.wait()", '-9'],
  'a thread runs programs': ["import { Thread } from 'paracell'\nconst thread = new Thread({ target: async () => (await run(['echo', 'hi'])).stdout }); thread.start(); await thread.result()", "'hi\\n'"],
  'a process runs programs': ["import { Process } from 'paracell'\nconst child = new Process({ target: async () => (await run(['echo', 'hi'])).stdout }); child.start(); await child.result()", "'hi\\n'"]
}

const failures: Readonly<Record<string, readonly [cell: string, error: RegExp]>> = {
  'run with check': ["await run(['sh', '-c', 'echo bad >&2; exit 2'], { check: true })", /^ProgramFailed: sh -c .* ended with exit code 2:\nbad\n/],
  'run with check and a signal': ["await run(['sh', '-c', 'kill $$'], { check: true })", /was ended by SIGTERM/],
  'run that takes too long': ["await run(['sleep', '1000'], { timeout: 10 })", /sleep 1000 was ended after its timeout of 10 ms/],
  'run of a program that is not there': ["await run(['no-such-program'])", /^UsageError: There is no program "no-such-program"/],
  'run in a folder that is not there': ["await run(['ls'], { cwd: '/no/such/folder' })", /^UsageError: There is no folder \/no\/such\/folder/],
  'run of nothing': ['await run([])', /run needs a program/],
  'run with the arguments apart': ["await run('ls', ['-l'])", /^UsageError: run takes a program and its arguments as one, as in run\(\["ls", …\]\)\./],
  'call with the arguments apart': ["await call('ls', '-l')", /^UsageError: call takes .* as in call\(\["ls", …\]\)\./],
  'spawn with the arguments apart': ["spawn('ls', ['-l'])", /^UsageError: spawn takes .* as in spawn\(\["ls", …\]\)\./],
  'run with an option that is none': ["await run(['ls'], { shell: true })", /^UsageError: run has no option shell\./],
  'run that is aborted': ["await run(['sleep', '1000'], { signal: AbortSignal.timeout(10) })", /TimeoutError/],
  'wait for a program that is not there': ["await spawn(['no-such-program']).wait()", /There is no program "no-such-program"/],
  'lines of a program that is not there': ["await Array.fromAsync(spawn(['no-such-program']).stdout)", /There is no program "no-such-program"/],
  'wait that takes too long': ["const slow = spawn(['sleep', '1000']); try { await slow.wait({ timeout: 10 }) } finally { slow.kill() }", /TimedOut/]
}

/** Cells that wait for a program. */
const waiting: Readonly<Record<string, string>> = {
  call: "await call(['sleep', '1000'], { env })",
  run: "await run(['sleep', '1000'], { env })",
  spawn: "await spawn(['sleep', '1000'], { env }).wait()"
}

describe('child programs', () => {
  let notebook: Notebook
  before(async () => {
    notebook = openNotebook()
    await notebook.value("import { call, run, spawn } from 'paracell'")
  })
  after(() => notebook[Symbol.asyncDispose]())

  for (const [story, [cell, value]] of Object.entries(values)) {
    test(story, async () => assert.equal(await notebook.value(cell), value))
  }

  for (const [story, [cell, error]] of Object.entries(failures)) {
    test(`${story} is an error`, async () => assert.match((await notebook.run(cell)).error ?? '', error))
  }

  test('call shows what is printed', async () => {
    const { stdout, stderr } = await notebook.run("await call(['sh', '-c', 'echo out; echo err >&2'])")
    assert.deepEqual([stdout, stderr], ['out\n', 'err\n'])
  })

  for (const [story, cell] of Object.entries(waiting)) {
    test(`an interrupt ends what ${story} waits for`, async () => {
      const mark = randomUUID()
      await notebook.value(`const env = ${JSON.stringify(markOf(mark))}`)
      const running = notebook.run(cell)
      while (processesWith(mark).length === 0) await pause(5)
      await notebook.interrupt()
      assert.match((await running).error ?? '', /KeyboardInterrupt/)
      await allGone(mark)
    })
  }

  test('who is disposed of is killed, with those before it in the pipe', async () => {
    const cell = `
      const first = spawn(['sleep', '1000'])
      { await using last = first.pipe(['cat']); globalThis.lastOne = last }
      ;[await first.wait(), lastOne.exitCode]`
    assert.equal(await notebook.value(cell), '[ -9, -9 ]')
  })
})
