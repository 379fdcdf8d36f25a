import assert from 'node:assert/strict'
import { Session } from 'node:inspector'
import { after, before, describe, it } from 'node:test'
import { capture } from '../../../kernel/parallel/capture/capture.ts'
import { registerCodec } from '../../../kernel/parallel/capture/codecs.ts'
import { functionFacts } from '../../../kernel/parallel/capture/function-facts.ts'
import type { Mode } from '../../../kernel/parallel/capture/parcel.ts'
import { rememberScript } from '../../../kernel/parallel/capture/script-urls.ts'
import { restore } from '../../../kernel/parallel/capture/restore.ts'
import { Cells } from './cells.ts'
import { childProcess, thread, type OtherRealm } from './realms.ts'

const modulePath = new URL('./module.ts', import.meta.url).href

describe('a notebook', () => {
  const cells = new Cells()
  let worker: OtherRealm
  let child: OtherRealm
  before(async () => {
    worker = thread()
    child = childProcess()
    await cells.import('path', 'node:path', '*')
    await cells.import('inspect', 'node:util', 'inspect')
    await cells.import('Store', modulePath, 'Store')
    await cells.import('makeCounter', modulePath, 'makeCounter')
  })
  after(async () => {
    await worker[Symbol.asyncDispose]()
    await child[Symbol.asyncDispose]()
  })

  const inThread = (expression: string, check: string): Promise<unknown> => send(worker, 'share', expression, check)
  const inProcess = (expression: string, check: string): Promise<unknown> => send(child, 'copy', expression, check)
  const send = (realm: OtherRealm, mode: Mode, expression: string, check: string): Promise<unknown> =>
    realm.check(capture(cells.value(expression), cells, mode, 'value'), check)

  it('a thread gets access to variables, and the values of constants', async () => {
    await cells.run('let total = 1\nconst limit = 10\nconst table = { x: 1 }\nlet shout = text => text.toUpperCase()')
    const read = '() => [total, limit, table, shout("a")]'
    assert.deepEqual(await inThread(read, 'f => f()'), ['remote total', 10, 'remote table', 'A'])
    assert.deepEqual(await inProcess(read, 'f => f()'), [1, 10, { x: 1 }, 'A'])
  })

  it('a thread gets shared memory in variables itself', async () => {
    await cells.run('let pixels = new Int32Array(new SharedArrayBuffer(8))')
    await inThread('() => { pixels[1] = 5 }', 'f => f()')
    assert.equal(cells.value('pixels[1]'), 5)
  })

  it('a process gets a copy as it was', async () => {
    await cells.run('let when = 1')
    const parcel = capture(cells.value('() => when'), cells, 'copy', 'value')
    await cells.run('when = 2')
    assert.equal(await child.check(parcel, 'f => f()'), 1)
  })

  it('a process can change its own variables, but no constants', async () => {
    await cells.run('let own = 1\nconst fixed = 1')
    const change = '() => { own++; try { globalThis.fixed = 2 } catch {} return [own, fixed] }'
    assert.deepEqual(await inProcess(change, 'f => f()'), [2, 1])
    assert.equal(cells.value('own'), 1)
  })

  it('imports are imported again', async () => {
    for (const run of [inThread, inProcess]) {
      assert.deepEqual(await run('() => [path.basename("/a/b"), inspect({ a: 1 })]', 'f => f()'), ['b', '{ a: 1 }'])
    }
  })

  it('values of imported modules are theirs again', async () => {
    const check = `async ([store, Store, parse, namespace]) => {
      const module = await import(${JSON.stringify(modulePath)})
      const path = await import('node:path')
      return [store instanceof module.Store, Store === module.Store, parse === path.parse, namespace === path, store.items]
    }`
    for (const run of [inThread, inProcess]) {
      assert.deepEqual(await run('[new Store(1, 2), Store, path.parse, path]', check), [true, true, true, true, [1, 2]])
    }
  })

  it('functions inside of modules are copied with what they captured', async () => {
    assert.deepEqual(await inProcess('makeCounter(5)', 'next => [next(), next()]'), [7, 9])
  })

  it('stack traces name the cell and the line', async () => {
    await cells.run('// one\n// two\nfunction fails() {\n     throw new Error("here")\n   }')
    const where = 'f => { try { f() } catch (error) { return error.stack.split("\\n")[1] } }'
    assert.match(String(await inThread('fails', where)), /at fails \(cell-\d+\.ts:4:12\)/)
    await cells.run('function thrower(n) {\n  return () => {\n    throw new Error(n)\n  } }')
    await cells.run('class Thrower {\n  // where\n  get = () => { throw new Error("y") }\n}')
    assert.match(String(await inThread('thrower(1)', where)), /\(?cell-\d+\.ts:3:11\)?/)
    assert.match(String(await inThread('new Thrower().get', where)), /cell-\d+\.ts:3:23/)
  })

  it('a script that was announced is known without the debugger', async () => {
    const text = "'use strict'; let before = 1;\n  function announced() {\n    return 1 }"
    rememberScript('announced.ts', text)
    await cells.run(text.slice("'use strict'; ".length))
    const place = cells.location(cells.value('announced') as () => void)
    assert.deepEqual(place, { file: 'announced.ts', line: 2, column: 3 })
  })

  it('what a restored function makes is known without the debugger', async (context) => {
    await cells.run('  const nesting = n => () =>\n    () => n')
    const sent = capture(cells.value('nesting'), cells, 'copy', 'value')
    const realm = { define: assert.fail, import: assert.fail, remote: assert.fail }
    const maker = (await restore(sent, realm)) as (n: number) => () => () => number
    const { location } = functionFacts()
    const post = context.mock.method(Session.prototype, 'post')
    const [outer, inner] = [location(maker(1)), location(maker(1)())]
    assert.deepEqual([outer?.file, inner?.line], [inner?.file, (outer?.line ?? NaN) + 1])
    assert.match(outer?.file ?? '', /^cell-\d+\.ts$/)
    assert.ok(!post.mock.calls.some(call => String(call.arguments[0]) === 'Debugger.enable'))
  })

  it('what a function says of its text stays', async () => {
    await cells.run('function texted(a, /* b */ ...c) { return a }')
    assert.equal(await inProcess('texted', 'String'), 'function texted(a, /* b */ ...c) { return a }')
  })

  it('what is restored can be captured again', async () => {
    const first = capture(cells.value('({ f: (function (n) { return () => ++n })(3) })'), cells, 'copy', 'value')
    const realm = { define: assert.fail, import: assert.fail, remote: assert.fail }
    const restored = (await restore(first, realm)) as { f: () => number }
    assert.equal(restored.f(), 4)
    assert.equal(await child.check(capture(restored, cells, 'copy', 'value'), '({ f }) => f()'), 5)
  })
})

describe('codecs', () => {
  class Ticket {
    readonly #id: string
    constructor(id: string) {
      this.#id = id
    }

    static register(): void {
      registerCodec('ticket', {
        test: value => value instanceof Ticket,
        encode: (ticket: Ticket) => ({ id: ticket.#id, related: [new Date(5)] }),
        decode: ({ id, related }: { id: string; related: [Date] }) => new Ticket(`${id} ${related[0].getTime()}`),
      })
      registerCodec('pair', {
        test: value => value instanceof Pair,
        encode: (pair: Pair) => pair.tickets,
        decode: (tickets: Map<string, Ticket>) => new Pair(tickets),
      })
    }

    get id(): string {
      return this.#id
    }
  }

  class Pair {
    readonly tickets: Map<string, Ticket>
    readonly first: string
    constructor(tickets: Map<string, Ticket>) {
      this.tickets = tickets
      this.first = tickets.get('a')?.id ?? 'missing'
    }
  }

  it('stand for objects, also inside of each other', async () => {
    Ticket.register()
    const scope = new Cells()
    const ticket = new Ticket('one')
    const hidden = Object.defineProperty({}, 'x', { value: ticket }) as { x: Ticket }
    const value = { pair: new Pair(new Map([['a', ticket]])), ticket, list: new Set([ticket]), hidden }
    const realm = { define: assert.fail, import: assert.fail, remote: assert.fail }
    const back = (await restore(capture(value, scope, 'copy', 'value'), realm)) as typeof value
    assert.equal(back.ticket.id, 'one 5')
    assert.equal(back.pair.first, 'one 5')
    assert.deepEqual([...back.list], [back.ticket])
    assert.equal(back.hidden.x, back.ticket)
  })
})
