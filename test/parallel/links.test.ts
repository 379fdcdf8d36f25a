import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { socketLink } from '../../kernel/parallel/links.ts'
import type { FromHub, ToHub } from '../../kernel/parallel/protocol.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

test('what a process has said before it ended is heard, also by somebody who answers it too late', async () => {
  await using place = await temporaryFolder()
  const path = join(place.path, 'link')
  const server = net.createServer({ pauseOnConnect: true }).listen(path)
  server.unref()
  await once(server, 'listening')
  const theirs = net.connect(path)
  const [ours] = (await once(server, 'connection')) as [net.Socket]
  socketLink<ToHub, FromHub>(theirs).post({ type: 'finished', outcome: { status: 'returned', value: {} }, clean: false } as ToHub)
  theirs.destroy()
  await once(theirs, 'close')
  const link = socketLink<FromHub, ToHub>(ours)
  link.post({ type: 'reply', request: 1, value: true })
  const { promise, resolve } = Promise.withResolvers<ToHub['type'] | 'nothing'>()
  link.listen(({ type }) => resolve(type))
  ours.once('close', () => resolve('nothing')).resume()
  assert.equal(await promise, 'finished')
})
