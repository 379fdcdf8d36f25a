import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'

/** Runs code in a thread whose link is its parent's port; resolves to what it posted until `idle`. */
async function until(code: string): Promise<string[]> {
  const idleness = new URL('../../../kernel/parallel/client/idleness.ts', import.meta.url).href
  const source = `
    import { parentPort } from 'node:worker_threads'
    import { spawn } from 'node:child_process'
    import { pbkdf2 } from 'node:crypto'
    import { execa } from '${import.meta.resolve('execa')}'
    import { Idleness } from '${idleness}'
    parentPort.on('message', () => process.exit())
    const idleness = new Idleness(alive => (alive ? parentPort.ref() : parentPort.unref()))
    const say = text => parentPort.postMessage(text)
    const watch = () => idleness.watch(() => say('idle'))
    ${code}`
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`))
  const said: string[] = []
  while (said.at(-1) !== 'idle') said.push(...((await once(worker, 'message')) as string[]))
  worker.postMessage('end')
  await once(worker, 'exit')
  return said
}

const cases: readonly { readonly name: string; readonly code: string; readonly says: readonly string[] }[] = [
  { name: 'a realm that does nothing is idle', code: 'watch()', says: ['idle'] },
  { name: 'one with a timer is not', code: "setTimeout(() => say('rang'), 50); watch()", says: ['rang', 'idle'] },
  { name: 'nor is one with a task that Node has no name for', code: "pbkdf2('a', 'b', 100000, 64, 'sha512', () => say('derived')); watch()", says: ['derived', 'idle'] },
  { name: 'what was stopped says nothing, and may begin again', code: "watch(); idleness.stop(); setTimeout(() => { say('again'); watch() }, 20)", says: ['again', 'idle'] },
  { name: 'nor is one with a timer that keeps nothing going', code: "const rang = () => { say('rang'); setTimeout(watch, 20) }; setTimeout(rang, 50).unref(); watch()", says: ['rang', 'idle'] },
  { name: 'nor one with a signal that times out', code: "const rang = () => { say('aborted'); setTimeout(watch, 20) }; AbortSignal.timeout(50).addEventListener('abort', rang); watch()", says: ['aborted', 'idle'] },
  { name: 'nor one with a program that keeps nothing going', code: "const child = spawn('sleep', ['0.05']).once('exit', () => { say('ended'); setImmediate(watch) }); child.unref(); child.stdio.forEach(each => each.unref()); watch()", says: ['ended', 'idle'] },
  { name: 'nor one that hears a signal', code: "const hear = () => {}; process.on('SIGUSR2', hear); watch(); setTimeout(() => { process.off('SIGUSR2', hear); say('deaf'); watch() }, 50)", says: ['deaf', 'idle'] },
  { name: 'one is, after a library has put back the process.emit that it found', code: "watch(); idleness.stop(); await execa('true'); watch()", says: ['idle'] },
  { name: 'one is, of which a library puts it back meanwhile', code: "const program = execa('cat'); watch(); program.stdin.end(); await program; say('ended')", says: ['ended', 'idle'] },
  { name: "a program's own listeners hear nothing of it", code: "process.on('beforeExit', () => say('heard')); watch()", says: ['idle'] }
]

for (const { name, code, says } of cases) test(name, async () => assert.deepEqual(await until(code), says))
