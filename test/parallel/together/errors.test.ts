import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openNotebook, type Notebook } from './notebook.ts'

const DECLARATIONS = `
import { readFileSync } from 'node:fs'
import net from 'node:net'
import { TaskError, WorkerError } from 'paracell'
class NotFound extends Error {
  #where = 'shelf'
  override name = 'NotFound'
  code = 404
  constructor(public what: unknown, options?: ErrorOptions) { super('no ' + what, options) }
  get where() { return this.#where }
}
const thrownBy = async (target: () => unknown): Promise<any> => {
  const worker = new Kind({ target, name: 'thrower' })
  worker.start()
  return worker.result().then(() => 'nothing', error => error)
}
`

/** What a target does, what is looked at of the error, and what that is. */
const cases: readonly { readonly name: string; readonly code: string; readonly look: string; readonly seen: unknown }[] = [
  {
    name: "an error of the notebook's own class is of that class, with its fields, also private ones",
    code: "throw new NotFound('book')",
    look: '[e instanceof NotFound, e.name, e.message, e.what, e.code, e.where]',
    seen: [true, 'NotFound', 'no book', 'book', 404, 'shelf']
  },
  {
    name: 'it is a WorkerError besides, which says where it was thrown',
    code: "throw new NotFound('book')",
    look: '[e instanceof WorkerError, e instanceof TaskError, e.worker, e.remoteName, e.remoteMessage, e.remoteStack.includes("cell-"), Object.keys(e)]',
    seen: [true, false, 'thrower', 'NotFound', 'no book', true, ['what', 'name', 'code']]
  },
  {
    name: 'its stack goes on here',
    code: "throw new NotFound('book')",
    look: 'e.stack.replaceAll(/cell-\\d+.ts:\\d+:\\d+/g, "cell").split("\\n").filter(line => /thrower|cell/.test(line)).map(line => line.trim().replace(/\\(|\\)| target/g, ""))',
    seen: ['at cell', 'at thrower', 'at cell']
  },
  {
    name: 'errors of the system keep what they say of it',
    code: "readFileSync('/no/such/file')",
    look: '[e.code, e.errno, e.syscall, e.path, e.constructor === Error]',
    seen: ['ENOENT', -2, 'open', '/no/such/file', true]
  },
  { name: 'built-in classes are those of the notebook', code: 'throw new TypeError("t")', look: '[e instanceof TypeError, e.constructor === TypeError]', seen: [true, true] },
  {
    name: 'also those of the platform',
    code: 'AbortSignal.abort().throwIfAborted()',
    look: '[e instanceof DOMException, e.name, e.code, e instanceof WorkerError]',
    seen: [true, 'AbortError', 20, true]
  },
  {
    name: 'an AggregateError has its errors, an error its cause',
    code: "throw new AggregateError([new NotFound(1), new RangeError('r', { cause: new NotFound(2) })], 'many', { cause: 5 })",
    look: '[e instanceof AggregateError, e.cause, e.errors[0] instanceof NotFound, e.errors[1].cause.where, e.errors[1].cause.what]',
    seen: [true, 5, true, 'shelf', 2]
  },
  {
    name: 'what paracell throws',
    code: 'return new Queue().get({ timeout: 1 })',
    look: '[e instanceof QueueEmpty, e instanceof WorkerError]',
    seen: [true, true]
  },
  {
    name: 'sockets and promises in its fields are left out, in those of its causes, too',
    code: `
      const cause: any = Object.assign(new RangeError('near'), { pending: Promise.resolve(), n: 1 })
      const error: any = Object.assign(new NotFound('book', { cause }), { socket: new net.Socket(), again: () => 7 })
      cause.result = error
      throw error`,
    look: '[e instanceof NotFound, e.what, "socket" in e, e.again(), e.cause instanceof RangeError, e.cause.n, "pending" in e.cause, e.cause.result === e]',
    seen: [true, 'book', false, 7, true, 1, false, true]
  },
  {
    name: 'a class that can not be sent gives way to the one that it extends',
    code: 'const socket = new net.Socket(); throw new (class extends NotFound { socket() { return socket } })("book")',
    look: '[e instanceof NotFound, e.what, e.code]',
    seen: [true, 'book', 404]
  },
  { name: 'one that is frozen', code: "throw Object.freeze(new NotFound('ice'))", look: '[e instanceof NotFound, e.what, e.worker]', seen: [true, 'ice', 'thrower'] },
  { name: 'a getter that throws is left out', code: "throw Object.defineProperty(new NotFound('x'), 'bad', { enumerable: true, get() { throw 1 } })", look: 'e.what', seen: 'x' },
  { name: 'its own field named like one of a WorkerError', code: "throw Object.assign(new Error('x'), { worker: 3 })", look: '[e.worker, e.remoteName]', seen: [3, 'Error'] },
  { name: 'anything else is the cause of a WorkerError', code: 'throw { a: [1] }', look: '[e.constructor === WorkerError, e.message, e.cause]', seen: [true, 'thrower: Uncaught { a: [ 1 ] }', { a: [1] }] },
  { name: 'one that is thrown outside of the target', code: "setTimeout(() => { throw new NotFound('late') }); await new Promise(() => {})", look: '[e instanceof NotFound, e.what]', seen: [true, 'late'] },
  {
    name: 'one of a worker that the worker started',
    code: "const inner = new Process({ name: 'inner', target: () => { throw new NotFound('deep') } }); inner.start(); await inner.result()",
    look: '[e instanceof NotFound, e.where, e.worker, /inner\\n(.*\\n)+ +at thrower/.test(e.stack)]',
    seen: [true, 'shelf', 'thrower', true]
  }
]

for (const kind of ['Thread', 'Process']) {
  describe(`errors of a ${kind}`, { timeout: 60_000 }, () => {
    let notebook: Notebook
    before(async () => {
      notebook = await openNotebook()
      await notebook.run(`const Kind = ${kind}${DECLARATIONS}`)
    })
    after(() => notebook[Symbol.asyncDispose]())

    for (const { name, code, look, seen } of cases) {
      test(name, async () => {
        const [line] = await notebook.run(`{ const e = await thrownBy(async () => { ${code} })\nconsole.log(JSON.stringify(${look})) }`)
        assert.deepEqual(JSON.parse(line as string), seen)
      })
    }

    test('one that nobody catches is shown as in the session, with the worker', async () => {
      const { error } = await notebook.attempt(`{ const w = new Kind({ name: 'thrower', target: () => { throw new NotFound('book') } }); w.start(); await w.result() }`)
      assert.deepEqual([error?.ename, error?.evalue], ['NotFound', 'no book'])
      assert.match(error?.traceback.join('\n') ?? '', /at thrower\n.*what: 'book',\n.*code: 404/s)
    })

    test('of a Pool, with the index', async () => {
      const [line] = await notebook.run(`
        await using pool = new Pool({ size: 1, kind: Kind === Thread ? 'thread' : 'process' })
        const e = await pool.map((n: number) => { if (n === 2) throw new NotFound(n); return n }, [1, 2, 3]).catch(error => error)
        console.log(JSON.stringify([e instanceof NotFound, e instanceof TaskError, e.what, e.index, new NotFound(1) instanceof WorkerError]))`.replace('await using', 'const'))
      assert.deepEqual(JSON.parse(line as string), [true, true, 2, 1, false])
    })

    test('of an initializer of a Pool', async () => {
      const [line] = await notebook.run(`{
        const pool = new Pool({ size: 1, kind: Kind === Thread ? 'thread' : 'process', initializer: () => { throw new NotFound('start') } })
        console.log(await pool.apply(() => 1).catch(error => error instanceof NotFound && error.what))
      }`)
      assert.equal(line, 'start')
    })

    test('in the last of its events', async () => {
      const [line] = await notebook.run(`{
        const worker = new Kind({ target: () => { throw new NotFound('book') } })
        worker.start()
        for await (const event of worker.events()) if (event.type === 'exit') console.log(event.error instanceof NotFound)
      }`)
      assert.equal(line, 'true')
    })
  })
}
