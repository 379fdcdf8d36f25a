import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openNotebook, type Notebook } from './notebook.ts'

const NOTEBOOK = `
  let made = 0
  class Account {
    #balance = made++
    #log: string[] = [String(made)]
    static #count = 0
    owner: string
    constructor(owner: string, { start = made++ } = {}) { this.owner = owner; this.#balance = start; Account.#count++ }
    static get count() { return Account.#count }
    get balance() { return this.#balance }
    get log() { return this.#log.join() }
    get #double() { return this.#balance * 2 }
    set #double(value) { this.#balance = value }
    #note(text: string) { this.#log.push(text) }
    deposit(sum: number) { this.#balance += sum; this.#note('+' + sum); return this }
    twice() { this.#double = this.#double; return this.#balance }
    equals(other: Account) { return other.#balance === this.#balance }
  }
  class Savings extends Account {
    #balance = 'its own'
    #rate
    interest = () => this.balance * this.#rate
    first = this.owner.toUpperCase()
    constructor(owner: string, rate: number, ...more: any[]) {
      if (!(rate > 0)) throw new Error('no rate')
      super(owner, { start: 100 })
      this.#rate = rate
      made++
    }
    get kind() { return this.#balance }
  }
  class Plain extends Savings {}
  class Bag extends Map<string, number> { #hits = 0; get(key: string) { this.#hits++; return super.get(key) } get hits() { return this.#hits } }
  class Oops extends Error { #code; constructor(message: string, code: number) { super(message); this.#code = code } get code() { return this.#code } }
  class Link { #next: Link | undefined; to(next: Link) { this.#next = next; return this } get next() { return this.#next } }
  class Shy { #say(what: string) { return 'said ' + what } say(what: string) { return this.#say(what) } }
  class Ice { #heat = 0; constructor() { Object.freeze(this) } get heat() { return this.#heat } melt() { return ++this.#heat } }
  class Handlers { #n = 1; up = () => ++this.#n; same = this.up; all = [this.up]; #secret = function () { return 'secret' }; tell() { return this.#secret() } }
  abstract class Shape { #id: number; constructor(id: number, readonly name: string, private side = 3) { this.#id = id } area() { return this.side ** 2 } get id() { return this.#id } }
  class Square extends Shape {}
  class Mailbox { #queue = new Queue<number>(); get queue() { return this.#queue } }
  class Loose { #x = 1; reveal() { return this.#x } }
  class Later { #slow = Math.max(...[1, 2]); get slow() { return this.#slow } }
  const account = new Account('ann', { start: 5 }).deposit(7)
  const savings = new Savings('sam', 0.5).deposit(1)
  const plain = new Plain('pia', 2)
  const bag = new Bag([['x', 1]])
  bag.get('x')
  const ring = new Link()
  ring.to(new Link().to(ring))
  const handlers = new Handlers()
  handlers.up()
  const listeners = [handlers.up]
  const mailbox = new Mailbox()
  const anonymous = new (class { #x = 4; get x() { return this.#x } })()
  const ends = async (worker: any) => { worker.start(); return worker.result() }`

/** What a worker sees of what it is given, or finds in the notebook. */
const given: readonly (readonly [value: string, look: string, prints: string])[] = [
  ['account', '[it.balance, it.log, it.twice(), it.deposit(1).balance, it instanceof Account, Object.keys(it).join()]', '[ 12, "1,+7", 24, 25, true, "owner" ]'],
  ['Account', '[it.count, new it("new", { start: 1 }).balance, it.count]', '[ 3, 1, 4 ]'],
  ['savings', '[it.balance, it.kind, it.interest(), it.first, it instanceof Savings, it.equals(new Account("x", { start: 101 }))]', '[ 101, "its own", 50.5, "SAM", true, true ]'],
  ['plain', '[it.balance, it.kind, it.interest(), it instanceof Plain]', '[ 100, "its own", 200, true ]'],
  ['bag', '[it.get("x"), it.hits, it.size, it instanceof Bag]', '[ 1, 2, 1, true ]'],
  ['new Oops("far", 7)', '[it.message, it.code, it instanceof Oops]', '[ "far", 7, true ]'],
  ['ring', '[it.next === it, it.next.next === it]', '[ false, true ]'],
  ['new Shy()', '[it.say("it")]', '[ "said it" ]'],
  ['new Ice()', '[it.heat, it.melt(), Object.isFrozen(it)]', '[ 0, 1, true ]'],
  ['handlers', '[it.up(), it.same === it.up, it.all[0] === it.up, it.tell(), it.up.name]', '[ 3, true, true, "secret", "up" ]'],
  ['[listeners, handlers]', '[it[0][0](), it[0][0] === it[1].up]', '[ 3, true ]'],
  ['[handlers, listeners]', '[it[1][0](), it[1][0] === it[0].up]', '[ 3, true ]'],
  ['new Square(5, "square")', '[it.id, it.name, it.area()]', '[ 5, "square", 9 ]'],
  ['anonymous', '[it.x]', '[ 4 ]'],
  ['Object.create(Loose.prototype)', '[(() => { try { return it.reveal() } catch (error) { return error.name } })()]', '[ "TypeError" ]'],
  ['Object.assign(new Later(), { extra: 1 })', '[it.slow, it.extra]', '[ 2, 1 ]'],
]

/** What the notebook sees of what comes back. */
const returned: readonly (readonly [target: string, look: string, prints: string])[] = [
  ['(account: Account) => account.deposit(100)', '[it.balance, it instanceof Account, it.equals(account), it.log]', '[ 112, true, false, "1,+7,+100" ]'],
  ['() => new Savings("new", 0.1)', '[it instanceof Savings, it.interest(), it.first]', '[ true, 10, "NEW" ]'],
  ['() => { class Local { #x = 1; up() { return ++this.#x } } const it = new Local(); it.up(); return it }', '[it.up()]', '[ 3 ]'],
  ['(_account: Account, handlers: Handlers) => handlers', '[it.up(), it instanceof Handlers, it.up === handlers.up]', '[ 3, true, false ]'],
]

describe('instances with private members', { timeout: 120_000 }, () => {
  let notebook: Notebook
  before(async () => {
    notebook = await openNotebook()
    await notebook.run(NOTEBOOK)
  })
  after(() => notebook[Symbol.asyncDispose]())

  for (const kind of ['Thread', 'Process']) {
    for (const [value, look, prints] of given) {
      test(`given to a ${kind}: ${value}`, async () => {
        const lines = await notebook.run(`console.log(await ends(new ${kind}({ target: (it: any) => ${look}, args: [${value}] })))`)
        assert.deepEqual(lines, [prints.replaceAll('"', "'")])
      })
    }
    for (const [target, look, prints] of returned) {
      test(`from a ${kind}: ${target}`, async () => {
        const lines = await notebook.run(`{ const it: any = await ends(new ${kind}({ target: ${target}, args: [account, handlers] as any })); console.log(${look}) }`)
        assert.deepEqual(lines, [prints.replaceAll('"', "'")])
      })
    }
  }

  test('none of the code of their classes runs on the way', async () => {
    const lines = await notebook.run(`{
      const before = made
      await ends(new Process({ target: (all: any[]) => [all, made], args: [[account, savings, plain]] })).then(([all, there]: any) => console.log(all.length, made - before, there - before))
    }`)
    assert.deepEqual(lines, ['3 0 0'])
  })

  test('many of them, and through a Queue', async () => {
    const lines = await notebook.run(`{
      const many = Array.from({ length: 1000 }, (_, i) => new Savings('x' + i, 1))
      const queue = new Queue<any>()
      await ends(new Process({ target: async () => { for (const each of many) each.deposit(1); await queue.put(many) } }))
      console.log((await queue.get()).reduce((sum: number, each: any) => sum + each.interest(), 0))
      await ends(new Process({ target: () => mailbox.queue.put(4) }))
      console.log(await mailbox.queue.get())
    }`)
    assert.deepEqual(lines, ['101000', '4'])
  })

  for (const [what, code, path] of [
    ['a handler without its object', 'listeners', /args\[0\]\[0\] is a function that uses private names of its class/],
    ['a class that is in no cell', "new (new Function('return class Elsewhere { #x = 1 }')())()", /args\[0\] is an Elsewhere with private fields \(#x\): declare class Elsewhere in a cell or a local .ts file/],
  ] as const) {
    test(`what can't be done is said: ${what}`, async () => {
      const { error } = await notebook.attempt(`new Process({ target: () => 1, args: [${code}] } as any).start()`)
      assert.equal(error?.ename, 'UsageError')
      assert.match(error?.evalue ?? '', path)
    })
  }
})
