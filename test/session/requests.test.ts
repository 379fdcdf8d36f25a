import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { FrameParser } from '../../kernel/channel/frames.ts'
import type { CellRequest, Request, Task } from '../../kernel/session/protocol.ts'
import { Requests } from '../../kernel/session/requests.ts'

const cell = (id: string): CellRequest => ({ cell: id, count: 1, code: '1', silent: false, storeHistory: true, userExpressions: {}, allowStdin: false })

/** Requests, and what they have said so far, in short: to the main thread and to the supervisor. */
function requested(): { requests: Requests; said: () => Promise<{ readonly main: string[]; readonly supervisor: string[] }> } {
  const [tasks, channel] = [new PassThrough(), new PassThrough()]
  const requests = new Requests({ tasks, channel })
  const said = async () => {
    // What was written last has left by then.
    await turn()
    return { main: read<Task>(tasks), supervisor: read<Request>(channel) }
  }
  return { requests, said }
}

function read<T extends Task | Request>(stream: PassThrough): string[] {
  const bytes = stream.read() as Buffer | null
  return bytes ? [...new FrameParser<T>().push(bytes)].map(inShort) : []
}

function inShort(message: Task | Request): string {
  if (message.type === 'execute') return `execute ${message.request.cell} ${message.number}`
  if (message.type === 'runs') return `runs ${message.cell} ${message.number}`
  return message.type === 'interrupt' ? `interrupt ${message.cell ?? 'runs'}` : message.type
}

test('cells go straight to the main thread, of which the supervisor need not know', async () => {
  const { requests, said } = requested()
  requests.execute(cell('a'))
  requests.ended()
  requests.ask(1, { type: 'known', names: [] })
  assert.deepEqual(await said(), { main: ['execute a 1', 'ask'], supervisor: [] })
})

test('of a cell that runs on, the supervisor hears in time', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { requests, said } = requested()
  requests.execute(cell('a'))
  requests.ended()
  requests.execute(cell('b'))
  t.mock.timers.tick(1000)
  assert.deepEqual(await said(), { main: ['execute a 1', 'execute b 2'], supervisor: ['runs b 2'] })
})

test('who is to interrupt a cell knows of it, and passes on what follows for a while', async t => {
  let now = 0
  t.mock.method(performance, 'now', () => now)
  const { requests, said } = requested()
  requests.execute(cell('a'))
  requests.interrupt('a')
  requests.interrupt('a')
  requests.ended()
  requests.execute(cell('b'))
  now += 60_000
  requests.execute(cell('c'))
  requests.ended()
  assert.deepEqual(await said(), { main: ['execute a 1', 'execute c 3'], supervisor: ['runs a 1', 'interrupt a', 'interrupt a', 'execute b 2'] })
})
