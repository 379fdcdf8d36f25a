import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runThread, type Variables } from './support.ts'

class ValidationError extends Error {
  readonly field: string

  constructor(message: string, field = 'age') {
    super(message)
    this.field = field
  }
}

const kept: unknown[] = []

const rejected = Promise.reject(new RangeError('read only'))
rejected.catch(() => {})

const owner = (): Variables => ({
  ValidationError,
  fail(message: string) {
    const error = new ValidationError(message)
    kept.push(error)
    throw error
  },
  failLater: async () => { throw new ValidationError('later') },
  wrong: () => Reflect.get(Object(undefined), 'x').y,
  throwText: () => { throw 'text' },
  wasThrown: (error: unknown) => kept.includes(error),
  rejected,
  frozen: Object.freeze({ a: 1 }),
  handler: undefined,
  list: [],
  Base: class Base {},
})

const CATCH = 'const caught = (f) => { try { f(); return "nothing" } catch (error) { return error } };'

const cases: readonly { readonly name: string, readonly thread: string, readonly result: unknown }[] = [
  { name: 'class name, message and fields', thread: 'const e = caught(() => fail("too young")); return [e.name, e.message, e.field, e instanceof Error, e instanceof ValidationError, wasThrown(e)]',
    result: ['ValidationError', 'too young', 'age', true, true, true] },
  { name: 'the stack names both sides', thread: 'function asking() { fail("x") }; const { stack } = caught(asking); return [/errors\\.test\\.ts/.test(stack), /asking/.test(stack), /VariableServer|Reference\\.apply/.test(stack)]',
    result: [true, true, false] },
  { name: 'built-in classes', thread: 'const e = caught(() => wrong()); return [e.name, e instanceof TypeError]', result: ['TypeError', true] },
  { name: 'anything can be thrown', thread: 'return caught(throwText)', result: 'text' },
  { name: 'rejections', thread: 'try { await failLater() } catch (e) { return [e.name, e.message, e instanceof ValidationError] }', result: ['ValidationError', 'later', true] },
  { name: 'a rejected promise that is only looked at does no harm', thread: 'rejected; await new Promise(setImmediate); return await rejected.catch(e => e.message)', result: 'read only' },
  { name: 'an error of a class of the notebook', thread: 'const e = caught(() => { throw new ValidationError("mine", "name") }); return [e instanceof ValidationError, e.field, e.message, Error.isError?.(e) ?? true]', result: [true, 'name', 'mine', true] },
  { name: 'frozen objects', thread: '"use strict"; return caught(() => { frozen.a = 2 }).message', result: 'Cannot assign to read only property \'a\' of object \'#<Object>\'' },
  { name: 'freezing', thread: 'return caught(() => Object.freeze(list)).message', result: 'A thread can\'t freeze or seal an object of the notebook: do it in the notebook' },
  { name: 'functions of the thread', thread: 'const e = caught(() => { handler = function onTick() {} }); return [e.name, e.message]',
    result: ['UsageError', 'handler: the function onTick lives in this thread and can\'t be given to the notebook. Define it in a cell of its own.'] },
  { name: 'functions inside values', thread: 'const e = caught(() => list.push({ f: () => 1 })); return [e.name, e.message, list.length]',
    result: ['UsageError', 'push: the function f lives in this thread and can\'t be given to the notebook. Define it in a cell of its own.', 0] },
  { name: 'instances of the thread\'s classes', thread: 'class Point {}; return caught(() => { list[0] = new Point() }).message',
    result: '0: an instance of Point can\'t be written into the notebook, since it belongs to this thread\'s own copy of the class. Return it from the target or put it into a Queue, which both make it one of the notebook\'s class, or give a plain object.' },
  { name: 'promises of the thread', thread: 'return caught(() => { handler = Promise.resolve() }).message',
    result: 'handler: a Promise lives in this thread and can\'t be given to the notebook. Define it in a cell of its own.' },
  { name: 'extending a class of the notebook', thread: 'class Mine extends Base {}; return caught(() => new Mine()).message',
    result: 'A class of a thread can\'t extend a class of the notebook: define both in a cell' },
  { name: 'a variable that is not there', thread: 'Object.defineProperty(globalThis, "missing", variables.descriptor("missing")); const e = caught(() => missing); return [e.name, e.message]',
    result: ['ReferenceError', 'missing is not defined'] },
  { name: 'after an error the next access works', thread: 'caught(() => fail("x")); caught(() => { handler = () => 1 }); handler = 5; return handler', result: 5 },
]

for (const { name, thread, result } of cases) {
  test(name, async () => {
    assert.deepEqual(await runThread(owner(), CATCH + thread), result)
  })
}
