import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Execution } from '../support/jupyter-client.ts'
import { errorOf, ran, startKernel, valueOf } from './running-kernel.ts'

/**
 * What a fault costs. `nothing`: the variables are kept. `session`: the cell says how the session ended, and the next cell
 * runs in a new one. `next`: only the next cell can tell that the session can't go on; the one after runs in a new one.
 */
type Cost = 'nothing' | 'session' | 'next'

const throwing = (kind: string): string =>
  `for (const key of Object.getOwnPropertyNames(${kind})) if (typeof ${kind}[key] === 'function' && key !== 'constructor') ${kind}[key] = () => { throw new Error(key) }`

const faults: readonly (readonly [story: string, cost: Cost, cell: string, says?: RegExp])[] = [
  ['Promise is gone', 'nothing', 'globalThis.Promise = undefined'],
  ['Promise.prototype.then throws', 'nothing', 'Promise.prototype.then = () => { throw new Error("no") }'],
  ['Promise.prototype.then does nothing', 'nothing', 'Promise.prototype.then = function () { return this }'],
  ['Promise.race throws', 'nothing', 'Promise.race = () => { throw new Error("no") }'],
  ['Buffer is gone', 'next', 'globalThis.Buffer = undefined', /Buffer|alloc|from/],
  ['Buffer.concat throws', 'nothing', 'Buffer.concat = () => { throw new Error("no") }'],
  ['JSON is gone', 'next', 'globalThis.JSON = undefined', /parse/],
  ['JSON.stringify lies', 'nothing', 'JSON.stringify = () => "{}"'],
  ['process is gone', 'nothing', 'globalThis.process = undefined'],
  ['process is declared anew', 'nothing', 'let process = 5'],
  ['console is gone', 'nothing', 'globalThis.console = undefined'],
  ['Object is a number', 'next', 'globalThis.Object = 5', /Object\.defineProperties/],
  ['Reflect is a number when a cell throws', 'session', 'globalThis.Reflect = 5; throw new Error("no")', /what became of the cell/],
  ['Array is a number', 'next', 'globalThis.Array = 5', /Array\.isArray/],
  ['Array.prototype.map throws', 'nothing', 'Array.prototype.map = () => { throw new Error("map") }'],
  ['all of Array.prototype throws', 'session', throwing('Array.prototype'), /session/],
  ['arrays have no iterator', 'session', 'delete Array.prototype[Symbol.iterator]', /session/],
  ['all of Map.prototype throws', 'next', throwing('Map.prototype').replace("typeof", "key !== 'size' && typeof"), /Broken: get/],
  ['all of WeakMap.prototype throws', 'next', throwing('WeakMap.prototype'), /Error/],
  ['all objects have a property', 'nothing', 'Object.prototype.polluted = 1'],
  ['all objects have a value', 'nothing', 'Object.prototype.value = 1; Object.prototype.cell = "x"'],
  ['all objects have a toJSON', 'session', 'Object.prototype.toJSON = () => "no"', /Object\.prototype\.toJSON is set/],
  ['all objects are thenable', 'session', 'Object.prototype.then = () => {}', /Object\.prototype\.then is set/],
  ['all objects have a type and getters', 'next', 'Object.prototype.type = "x"; Object.prototype.get = 5', /Getter/],
  ['prototypes are frozen', 'nothing', 'for (const kind of [Object, Array, Function, Promise]) Object.freeze(kind.prototype)'],
  ['setTimeout and setImmediate are gone', 'nothing', 'globalThis.setTimeout = globalThis.setImmediate = globalThis.queueMicrotask = undefined'],
  ['fs.writeSync throws', 'nothing', 'require("fs").writeSync = () => { throw new Error("no") }'],
  ['fs.writeSync writes nothing', 'nothing', 'require("fs").writeSync = () => 0'],
  ['AbortController is gone', 'nothing', 'globalThis.AbortController = globalThis.AsyncDisposableStack = undefined'],
  ['Error.prepareStackTrace throws', 'nothing', 'Error.prepareStackTrace = () => { throw new Error("no") }'],
  ['the inspector posts nothing', 'nothing', 'require("inspector").Session.prototype.post = () => { throw new Error("no") }'],
  ['the inspector is closed', 'nothing', 'require("inspector").close()'],
  ['process has no listeners', 'nothing', 'process.removeAllListeners()'],
  ['process.stdout is ended', 'nothing', 'process.stdout.end(); process.stdout.destroy(); process.stderr.destroy()'],
  ['a debugger statement', 'nothing', 'debugger'],
  ['a signal of which nobody dies', 'nothing', 'process.kill(process.pid, "SIGPIPE")'],
  ['a native crash', 'session', 'require("koffi").decode(8n, "int")', /SIGSEGV/],
  ['native crashes in a worker', 'session', 'new (require("worker_threads").Worker)("process.kill(process.pid, \'SIGSEGV\')", { eval: true }); await new Promise(() => {})', /SIGSEGV/],
  ['descriptor 0 is closed', 'nothing', 'require("fs").closeSync(0)'],
  ['descriptor 1 is closed', 'session', 'require("fs").closeSync(1)', /descriptor 1/],
  ['descriptor 1 is another file', 'session', 'require("fs").closeSync(1); require("fs").openSync("/dev/null", "w")', /descriptor 1/],
  ['descriptor 1 is a file that is only read', 'session', 'require("fs").closeSync(1); require("fs").openSync("/dev/null", "r")', /descriptor 1/],
  ['descriptor 2 is closed', 'nothing', 'require("fs").closeSync(2)'],
  ['descriptor 3 is closed', 'session', 'require("fs").closeSync(3); await new Promise(() => {})', /descriptor 3/],
  ['descriptor 4 is closed', 'session', 'require("fs").closeSync(4); await new Promise(() => {})', /descriptor 4/],
  ['all descriptors are closed', 'session', 'for (let fd = 0; fd < 100; fd++) try { require("fs").closeSync(fd) } catch {}', /session/],
  ['descriptors are used up', 'nothing', 'try { for (;;) require("fs").openSync("/dev/null") } catch {}'],
  ['handles are closed', 'session', 'for (const handle of process._getActiveHandles()) handle.close?.()\nawait new Promise(() => {})', /closed/],
  ['noise on descriptor 1', 'nothing', 'require("fs").writeSync(1, require("crypto").randomBytes(100_000))'],
  ['the folder is gone', 'nothing', 'const folder = require("fs").mkdtempSync(require("os").tmpdir() + "/gone-"); process.chdir(folder); require("fs").rmdirSync(folder)'],
  ['ten thousand timers', 'nothing', 'for (let i = 0; i < 10_000; i++) setTimeout(() => {}, 1e6)'],
  ['a thousand intervals', 'nothing', 'for (let i = 0; i < 1000; i++) setInterval(() => {}, 1)'],
  ['a thousand rejections', 'nothing', 'for (let i = 0; i < 1000; i++) void Promise.reject(new Error("stray"))'],
  ['promises without end', 'nothing', 'globalThis.many = Array.from({ length: 1e5 }, () => new Promise(() => {}))'],
  ['a string that is too long', 'nothing', '"x".repeat(2 ** 30)', /Invalid string length/],
  ['a buffer that is too large', 'nothing', 'Buffer.alloc(1e15)', /RangeError/],
  ['endless recursion of awaits', 'nothing', 'async function again(): Promise<unknown> { return await again() }\nawait again()', /call stack/],
  ['endless recursion where a value is shown', 'nothing', 'const self = { [require("util").inspect.custom]: () => require("util").inspect(self) }; self', /call stack/],
  ['a value that is nested deeply', 'nothing', 'let deep = {}; for (let i = 0; i < 1e5; i++) deep = { deep }; deep'],
  ['a proxy that throws is thrown', 'nothing', 'throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 1 } })', /cannot be shown/],
  ['a revoked proxy is thrown', 'nothing', 'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy', /cannot be shown/],
  ['an error whose message throws is thrown', 'nothing', 'throw Object.defineProperty(new Error("x"), "message", { get() { throw 1 } })', /Error/],
  ['an error whose name is a symbol is thrown', 'nothing', 'throw Object.assign(new Error("x"), { name: Symbol("s") })', /x/]
]

describe('after a fault the kernel answers the next cell', () => {
  for (const [story, cost, cell, says] of faults) {
    test(`${story}: it costs ${cost === 'nothing' ? 'nothing' : 'the session'}`, async () => {
      await using kernel = await startKernel()
      await ran(kernel.client, 'let kept = 1')
      const execution = await kernel.client.execute(cell)
      const told = cost === 'next' && !isLost(execution) ? await kernel.client.execute('1') : execution
      assert.equal(isLost(told), cost !== 'nothing', errorOf(told)?.traceback)
      if (says) assert.match(`${errorOf(told)?.traceback} ${told.stderr}`, says)
      assert.equal(valueOf(await ran(kernel.client, '[typeof kept, 1 + 1]')), `[ '${cost === 'nothing' ? 'number' : 'undefined'}', 2 ]`)
    })
  }

  test('100 MB in one line', async () => {
    await using kernel = await startKernel({ client: { validate: false } })
    const { stdout } = await ran(kernel.client, 'console.log("x".repeat(1e8))')
    assert.equal(stdout.length, 1e8 + 1)
    assert.equal(valueOf(await ran(kernel.client, '1 + 1')), '2')
  })
})

function isLost(execution: Execution): boolean {
  return errorOf(execution)?.ename === 'SessionDied'
}
