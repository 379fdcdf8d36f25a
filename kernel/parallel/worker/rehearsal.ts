import { once } from 'node:events'
import net from 'node:net'
import { randomBytes } from '../../random.ts'
import { capture } from '../capture/capture.ts'
import type { Scope } from '../capture/parcel.ts'
import { socketLink } from '../links.ts'
import { prepareSharedMemory } from '../shared-memory.ts'
import type { FromHub, ToHub, WorkerSpec } from '../protocol.ts'


/**
 * Has a worker run a target here, over sockets such as it will have: what that takes is loaded, compiled and in memory
 * then, which forked children share.
 */
export async function rehearse(open: (link: net.Socket) => Disposable): Promise<void> {
  const [here, there] = await connected()
  using _worker = open(there)
  prepareSharedMemory()
  await perform(here)
  for (const socket of [here, there]) socket.destroy()
}

/** Plays the hub's part until the target has returned. */
function perform(socket: net.Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const link = socketLink<FromHub, ToHub>(socket)
  link.listen(message => {
    if (message.type === 'finished') resolve()
  })
  link.post({ type: 'run', spec: spec() })
  return promise
}

function spec(): WorkerSpec {
  const name = 'Rehearsal-1'
  const scope: Scope = { lookup: () => undefined, location: () => ({ file: 'rehearsal.ts', line: 1, column: 1 }), closure: () => [] }
  const parcel = capture({ target: (said: string) => console.log([said]), args: [name, { list: [1] }] }, scope, 'copy', 'the target of a rehearsal')
  const place = { cwd: process.cwd(), folder: process.cwd(), startMethod: 'forkserver', rank: 0, size: 1, isCell: false } as const
  return { kind: 'process', name, parcel, owner: { cell: '', worker: name }, cells: {}, ...place }
}

async function connected(): Promise<[net.Socket, net.Socket]> {
  const path = `\0paracell-${randomBytes(16).toString('hex')}`
  const server = net.createServer()
  await once(server.listen(path), 'listening')
  const here = net.connect(path)
  const [there] = (await once(server, 'connection')) as [net.Socket]
  server.close()
  return [here, there]
}
