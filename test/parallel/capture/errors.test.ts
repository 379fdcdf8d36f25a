import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import net from 'node:net'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { CannotTravelError } from '../../../kernel/parallel/capture/cannot-travel.ts'
import { capture } from '../../../kernel/parallel/capture/capture.ts'
import { UsageError } from '../../../kernel/errors.ts'
import { Cells } from './cells.ts'

class Account {
  #balance = 1
  get balance(): number {
    return this.#balance
  }
}

class Connection extends net.Socket {}

const method = Object.getOwnPropertyDescriptor(Account.prototype, 'balance')!.get
const thisArrow = function (this: unknown) { return () => this }.call({ x: 1 })
const argumentsArrow = (function () { return () => arguments })()

/** A value that is sent as `value`, and the line of the error that speaks of it. */
const sentences: readonly (readonly [value: unknown, line: string])[] = [
  [new net.Socket(), 'value is a net.Socket: open it inside the function'],
  [net.createServer(), 'value is a net.Server: open it inside the function'],
  [new Connection(), 'value is a net.Socket: open it inside the function'],
  [Readable.from([1]), 'value is a stream.Readable: open it inside the function, or use a Queue'],
  [new WeakMap(), 'value is a WeakMap: use a Map'],
  [new WeakSet(), 'value is a WeakSet: use a Set'],
  [new WeakRef({}), 'value is a WeakRef: send the object that it refers to instead'],
  [Promise.resolve(1), 'value is a Promise: await it and send what it resolves to'],
  [new Proxy({}, {}), 'value is a Proxy: send the object behind it instead'],
  [(function* () {})(), 'value is a generator that has begun: call the generator function inside the function'],
  [[1].values(), 'value is an iterator that has begun: send an array of what it yields instead'],
  [new Map().entries(), 'value is an iterator that has begun: send an array of what it yields instead'],
  [new MessageChannel().port1, 'value is a MessagePort: use a Queue or a Pipe, or a Thread in place of a Process'],
  [new AbortController().signal, 'value is an AbortSignal: use an Event of paracell, which workers can wait for'],
  [setTimeout(() => {}, 0), 'value is a Timeout: start it inside the function'],
  [
    new Account(),
    'value is an Account with private fields (#balance): '
      + 'declare class Account in a cell or a local .ts file, make it inside the function, or say "private" in place of "#"',
  ],
  [
    class { static #count = 0; static up() { return ++this.#count } },
    'value is a class with private static fields (#count): declare it in a cell or a local .ts file, or say "private" in place of "#"',
  ],
  [
    method,
    'value is a function that uses private names of its class, or import.meta: send the object that it belongs to',
  ],
  [
    thisArrow,
    'value is an arrow function that uses "this" of the function around it: '
      + 'give it to the arrow function in a variable: const value = this',
  ],
  [
    argumentsArrow,
    'value is an arrow function that uses "arguments" of the function around it: '
      + 'give it to the arrow function in a variable: const value = arguments',
  ],
  [new Blob([]), 'value is a Blob: send its bytes, await blob.bytes(), instead'],
  [new FormData(), 'value is a FormData: send [...form.entries()] instead'],
  [new Request('http://a.b'), 'value is a Request: send its URL, text or bytes instead'],
  [createSecretKey(Buffer.alloc(16)), 'value is a SecretKeyObject: send it exported instead'],
  [new EventTarget(), 'value is an EventTarget: make it inside the function'],
  [(function () { return arguments })(), 'value is an arguments object: send [...arguments] instead'],
]

describe('values that can not travel', () => {
  const cells = new Cells()
  const messageOf = (value: unknown, mode: 'copy' | 'share' = 'copy'): string => {
    try {
      capture(value, cells, mode, 'target of Process')
    } catch (error) {
      assert.ok(error instanceof CannotTravelError && error instanceof UsageError)
      return error.message
    }
    return assert.fail('It can travel.')
  }

  for (const [value, line] of sentences) {
    it(line, () => assert.equal(messageOf({ value }), `Can't send target of Process to another process:\n  ${line}`))
  }

  it('says how it is reached through variables and functions', async () => {
    Object.assign(globalThis, { net })
    await cells.run('const config = { socket: new net.Socket(), list: [new Map([["k", new net.Socket()]])] }')
    await cells.run('function useConfig() { return config }\nfunction runSomething() { return useConfig() }')
    const note = '(notebook variable "config") is a net.Socket: open it inside the function'
    assert.equal(
      messageOf({ target: cells.value('runSomething'), args: [] }),
      "Can't send target of Process to another process:\n"
        + `  runSomething → useConfig → config.list[0].get("k") ${note}\n`
        + `  runSomething → useConfig → config.socket ${note}`,
    )
  })

  it('says so of captured variables', async () => {
    await cells.run('function closing(pending) { return function wait() { return pending } }')
    assert.equal(
      messageOf(cells.value('closing(Promise.resolve())'), 'share'),
      "Can't send target of Process to another thread:\n"
        + '  wait → pending (captured variable "pending") is a Promise: await it and send what it resolves to',
    )
  })

  it('names a value that is sent alone', () => {
    const lines = ["Can't send target of Process to another process:", '  target of Process is a WeakSet: use a Set']
    assert.equal(messageOf(new WeakSet()), lines.join('\n'))
  })

  it('a class whose members are named by local variables', async () => {
    await cells.run("function tagged() { const tag = Symbol('t'); return class Tagged2 { [tag]() {} } }")
    const line = /\n  Tagged2 is a class with a member named by a function's variable "tag": declare "tag" in a cell$/
    assert.match(messageOf(cells.value('tagged()')), line)
  })

  it('lists ten and counts the rest', () => {
    const lines = messageOf(Array.from({ length: 12 }, () => new WeakSet())).split('\n')
    assert.equal(lines.length, 12)
    assert.equal(lines.at(-1), '  and 2 more')
  })
})
