import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { errorOf, ran, type RunningKernel, startKernel } from './running-kernel.ts'

// `cell-N.ts` stands for the cell itself.
const errors: readonly { readonly story: string; readonly cell: string; readonly ename: string; readonly evalue: string | RegExp; readonly places: readonly string[] }[] = [
  { story: 'thrown at the top', cell: 'const a: number = 1\nthrow new Error("boom")', ename: 'Error', evalue: 'boom', places: ['cell-N.ts:2:7'] },
  { story: 'a name that is not there', cell: '\n\n  nowhere', ename: 'ReferenceError', evalue: 'nowhere is not defined', places: ['cell-N.ts:3:3'] },
  { story: 'a function that is not there', cell: 'let there = 1\nnowhere()', ename: 'ReferenceError', evalue: 'nowhere is not defined', places: ['cell-N.ts:2:1'] },
  { story: 'a method of what is not there', cell: '!nowhere.at(1)', ename: 'ReferenceError', evalue: 'nowhere is not defined', places: ['cell-N.ts:1:'] },
  { story: 'in a function, behind types', cell: 'function f(x: { y: string }): number {\n  return (x as any).z.w\n}\nf({ y: "" })', ename: 'TypeError', evalue: /reading 'w'/, places: ['f (cell-N.ts:2:23)', 'cell-N.ts:4:1'] },
  { story: 'in a method', cell: 'class Box<T> {\n  open(): T { throw new RangeError("empty") }\n}\nnew Box<string>().open()', ename: 'RangeError', evalue: 'empty', places: ['Box.open (cell-N.ts:2:21)', 'cell-N.ts:4:19'] },
  { story: 'after an await', cell: 'await null\nthrow new Error("late")', ename: 'Error', evalue: 'late', places: ['cell-N.ts:2:7'] },
  { story: 'in an async function', cell: 'async function g() {\n  await null\n  throw new Error("async")\n}\nawait g()', ename: 'Error', evalue: 'async', places: ['g (cell-N.ts:3:9)'] },
  { story: 'a rejected promise', cell: 'await Promise.reject(new TypeError("rejected"))', ename: 'TypeError', evalue: 'rejected', places: ['cell-N.ts:1:22'] },
  { story: 'behind wide characters', cell: 'const 字 = "😀"; throw new Error(字)', ename: 'Error', evalue: '😀', places: ['cell-N.ts:1:23'] },
  { story: 'behind an enum', cell: 'enum E {\n  A,\n  B\n}\nthrow new Error(String(E.B))', ename: 'Error', evalue: '1', places: ['cell-N.ts:5:7'] },
  { story: 'in a callback of Node', cell: '[1].map(() => {\n  throw new Error("inside")\n})', ename: 'Error', evalue: 'inside', places: ['cell-N.ts:2:9', 'cell-N.ts:1:5'] },
  { story: 'by Node itself', cell: 'require("fs").readFileSync("/does/not/exist")', ename: 'Error', evalue: /ENOENT/, places: ['cell-N.ts:1:15'] },
  { story: 'endless recursion', cell: 'function r(): number {\n  return r() + 1\n}\nr()', ename: 'RangeError', evalue: 'Maximum call stack size exceeded', places: ['r (cell-N.ts:2:'] },
  { story: 'a class of its own', cell: 'class OwnError extends Error { override name = "OwnError" }\nthrow new OwnError("mine")', ename: 'OwnError', evalue: 'mine', places: ['cell-N.ts:2:7'] },
  { story: 'with a cause', cell: 'throw new Error("outer", {\n  cause: new Error("inner")\n})', ename: 'Error', evalue: 'outer', places: ['cell-N.ts:1:7', 'cell-N.ts:2:10'] },
  { story: 'not an error', cell: 'throw { code: 7 }', ename: 'Uncaught', evalue: '{ code: 7 }', places: [] },
  { story: 'nothing thrown', cell: 'throw undefined', ename: 'Uncaught', evalue: 'undefined', places: [] },
  { story: 'a syntax error', cell: 'let x = 1\nlet = = 3', ename: 'SyntaxError', evalue: /Unexpected token/, places: ['(2:7)'] },
  { story: 'a part of a package that is not there', cell: 'import nope from "paracell/no-such-part"', ename: 'Error', evalue: /no-such-part/, places: [] },
  { story: 'a package that is not there', cell: 'import nope from "no-such-package-at-all"', ename: 'Error', evalue: /no-such-package-at-all/, places: [] },
  { story: 'an error whose stack throws', cell: 'const e = new Error("x"); Object.defineProperty(e, "stack", { get() { throw new Error("no") } }); throw e', ename: 'Error', evalue: 'x', places: [] }
]

const INTERNALS = /node:internal|node:diagnostics_channel|kernel\/(session|language|dispatch|output|parallel)|dist\/|evaluate\.ts|__paracell__/

describe('errors name the lines that the user wrote, and no others', () => {
  let kernel: RunningKernel
  before(async () => {
    kernel = await startKernel()
  })
  after(() => kernel[Symbol.asyncDispose]())

  for (const { story, cell, ename, evalue, places } of errors) {
    test(story, async () => {
      const execution = await kernel.client.execute(cell)
      const { content } = execution.reply
      const error = errorOf(execution)
      assert.equal(content['status'], 'error')
      assert.equal(error?.ename, ename)
      if (evalue instanceof RegExp) assert.match(String(error?.evalue), evalue)
      else assert.equal(error?.evalue, evalue)
      for (const place of places) {
        const expected = place.replace('cell-N', `cell-${content['execution_count']}`)
        assert.ok(error?.traceback.includes(expected), `${expected} is not in\n${error?.traceback}`)
      }
      assert.doesNotMatch(error?.traceback ?? '', INTERNALS)
      assert.deepEqual([content['ename'], content['evalue']], [error?.ename, error?.evalue])
    })
  }

  test('a function of an earlier cell is named by that cell', async () => {
    const first = await ran(kernel.client, 'function thrower() {\n  throw new Error("there")\n}')
    const second = await kernel.client.execute('\nthrower()')
    const { traceback = '' } = errorOf(second) ?? {}
    assert.ok(traceback.includes(`thrower (cell-${first.reply.content['execution_count']}.ts:2:9)`), traceback)
    assert.ok(traceback.includes(`cell-${second.reply.content['execution_count']}.ts:2:1`), traceback)
  })

  test('error.stack is as good in the cell itself', async () => {
    const { stdout, reply } = await ran(kernel.client, 'try {\n  null!.x\n} catch (e: any) { console.log(e.stack) }')
    assert.equal(stdout, `TypeError: Cannot read properties of null (reading 'x')\n    at cell-${reply.content['execution_count']}.ts:2:9\n`)
  })

  const late: readonly [story: string, cell: string][] = [
    ['in a timer', 'const done = Promise.withResolvers()\nsetTimeout(() => { setTimeout(done.resolve); throw new Error("stray") })\nawait done.promise'],
    ['in a rejection', 'void Promise.reject(new Error("stray"))\nawait new Promise(r => setTimeout(r))'],
    ['in an event', 'process.nextTick(() => { throw new Error("stray") })\nawait new Promise(r => setTimeout(r))']
  ]
  for (const [story, cell] of late) {
    test(`nobody catches it ${story}: the cell says so and the session lives`, async () => {
      await ran(kernel.client, 'var alive = 1')
      const { stderr, reply } = await ran(kernel.client, cell)
      assert.match(stderr, /Error: stray/)
      assert.match(stderr, new RegExp(`cell-${reply.content['execution_count']}\\.ts`))
      await ran(kernel.client, 'if (alive !== 1) throw new Error("lost")')
    })

    test(`nobody catches it ${story}: a listener of the notebook hears of it, once`, async () => {
      await ran(kernel.client, `var heard: string[] = [], hear = (error: Error) => { heard.push(error.message) }
        for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, hear)`)
      await ran(kernel.client, cell)
      const { stdout } = await ran(kernel.client, `for (const event of ['uncaughtException', 'unhandledRejection']) process.off(event, hear)
        console.log(heard.join())`)
      assert.equal(stdout, 'stray\n')
    })
  }
})
