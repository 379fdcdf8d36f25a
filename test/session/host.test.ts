import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSession } from '../../kernel/session/host.ts'
import type { CellRequest, SessionEvent } from '../../kernel/session/protocol.ts'

function cell(code: string, id: string): CellRequest {
  return { cell: id, count: 1, code, silent: false, storeHistory: true, userExpressions: {}, allowStdin: false }
}

/** Reads a session's events while it is open. */
async function collect(events: AsyncIterable<SessionEvent>, into: SessionEvent[]): Promise<void> {
  for await (const event of events) into.push(event)
}

test('a session that can not start says why in the cell, and is tried again only when somebody needs it', async () => {
  const before = process.env['NODE_OPTIONS']
  process.env['NODE_OPTIONS'] = '--require /no/such/module'
  const events: SessionEvent[] = []
  const session = openSession()
  const reading = collect(session.events, events)
  try {
    const failed = await session.execute(cell('1', 'first'))
    assert.equal(failed.status === 'error' && failed.error.ename, 'SessionDied')
    assert.match(events.map(event => (event.type === 'stream' ? event.text : '')).join(''), /no\/such\/module/)
    const again = await session.execute(cell('1', 'second'))
    assert.equal(again.status, 'error')
    assert.equal(events.filter(event => event.type === 'restarted').length, 2)
    if (before === undefined) delete process.env['NODE_OPTIONS']
    else process.env['NODE_OPTIONS'] = before
    assert.equal((await session.execute(cell('1', 'third'))).status, 'ok')
  } finally {
    if (before === undefined) delete process.env['NODE_OPTIONS']
    await session[Symbol.asyncDispose]()
    await reading
  }
})

test('a session that was closed ends its events', async () => {
  const session = openSession()
  const events: SessionEvent[] = []
  const reading = collect(session.events, events)
  assert.equal((await session.execute(cell('1 + 1', 'only'))).status, 'ok')
  await session[Symbol.asyncDispose]()
  await reading
  assert.ok(events.some(event => event.type === 'result' && event.data['text/plain'] === '2'))
})
