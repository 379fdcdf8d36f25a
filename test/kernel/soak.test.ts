import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { mutations } from '../support/mutations.ts'
import { ran, type RunningKernel, startKernel, valueOf } from './running-kernel.ts'

const CELLS = 20_000
/** So many wait for each other's reply at once. */
const BATCH = 250
/** By then all that is remembered of a limited number of cells is full. */
const FULL = 10_000
/** What the session's heap and the front's memory may have grown from there to the end, in MB. */
const HEAP_GROWTH = 5
const FRONT_GROWTH = 40

/** Cells that leave nothing behind: what grows with them is a leak. */
const cells = [
  (n: number) => `const value${n % 50}: number = ${n}; value${n % 50} + 1`,
  (n: number) => `console.log("cell", ${n})`,
  (n: number) => `await new Promise(resolve => setImmediate(resolve)); "${'x'.repeat(n % 200)}"`,
  (n: number) => `function twice(x: number) { return 2 * x }\nclass Box<T> { constructor(readonly value: T) {} }\nnew Box(twice(${n}))`,
  (n: number) => `throw new Error("failure ${n}")`,
  (n: number) => `let = ${n}`
]

test(`${CELLS.toLocaleString('en')} cells: memory stays flat`, async context => {
  await using kernel = await startKernel({ client: { validate: false }, env: { NODE_OPTIONS: '--max-semi-space-size=2' } })
  await runCells(kernel, 0, FULL)
  const before = await memory(kernel)
  await runCells(kernel, FULL, CELLS)
  const after = await memory(kernel)
  context.diagnostic(JSON.stringify({ before, after }))
  assert.ok(after.heap - before.heap < HEAP_GROWTH, `the session's heap grew from ${before.heap} to ${after.heap} MB`)
  assert.ok(after.front - before.front < FRONT_GROWTH, `the front grew from ${before.front} to ${after.front} MB`)
})

/** Nothing that ends a session, loops or starts anything, however it is cut. */
const harmless = [
  'type Point = { readonly x: number; y?: string }\nconst point: Point = { x: 1 }\npoint',
  'enum Color { Red, Green = "g" }\nColor.Red',
  'class Stack<T> {\n  #items: T[] = []\n  push(item: T) { this.#items.push(item) }\n  get size() { return this.#items.length }\n}\nnew Stack<number>().size',
  'const { a, ...rest } = { a: 1, b: [2, 3], c: `x${1 + 1}y` }\nrest',
  'async function later<T>(value: T): Promise<T> { return await value }\nawait later(/a+/u.test("aa"))',
  'import { join } from "node:path"\njoin("a", "b") as string satisfies string',
  'console.log([1, 2, 3].map((n): n is 1 => n === 1), 10n ** 2n, null ?? undefined)'
]

test('broken cells and questions about them: the kernel answers each, and keeps its session', async () => {
  await using kernel = await startKernel({ client: { validate: false } })
  const pid = valueOf(await ran(kernel.client, 'process.pid'))
  for (const code of mutations(harmless, 400, 7)) {
    const cursor_pos = [...code].length >> 1
    const asked = [['complete_request', { code, cursor_pos }], ['inspect_request', { code, cursor_pos, detail_level: 1 }], ['is_complete_request', { code }]] as const
    const replies = await Promise.all(asked.map(([type, content]) => kernel.client.request(type, content)))
    const { reply } = await kernel.client.execute(code, { stop_on_error: false, allow_stdin: false })
    const statuses = replies.map(each => String(each.reply.content['status']))
    assert.match(statuses.join(), /^ok,ok,(complete|incomplete|invalid|unknown)$/, code)
    assert.match(String(reply.content['status']), /^(ok|error)$/, code)
  }
  assert.equal(valueOf(await ran(kernel.client, 'process.pid')), pid)
})

async function runCells({ client }: RunningKernel, from: number, to: number): Promise<void> {
  for (let start = from; start < to; start += BATCH) {
    const numbers = Array.from({ length: BATCH }, (_, index) => start + index)
    await Promise.all(numbers.map(n => client.execute(cells[n % cells.length]?.(n) ?? '', { stop_on_error: false })))
    client.iopub.length = 0
  }
}

/** In MB, the session's after a collection. */
async function memory({ client, process }: RunningKernel): Promise<{ heap: number; front: number }> {
  await ran(client, 'require("v8").setFlagsFromString("--expose-gc"); for (let i = 0; i < 3; i++) { require("vm").runInNewContext("gc")(); await new Promise(setImmediate) }')
  const heap = Number(valueOf(await ran(client, 'process.memoryUsage().heapUsed / 2 ** 20')))
  const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${process.pid}/status`, 'utf8'))?.[1]
  return { heap, front: Number(resident) / 1024 }
}
