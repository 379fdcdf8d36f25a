import * as net from 'node:net'
import { becomeChild, practise } from './forked-child.ts'
import { fork } from './fork.ts'
import { ANSWERS, ASKS, type Answer, type Ask, type Introduction, TITLE } from './fork-protocol.ts'
import { adoptOrphans, closeOnExec, libc, WNOHANG } from './libc.ts'
import { onEachMessage } from './lines.ts'
import { endProgramsOf } from './orphans.ts'
import { nextSeed } from './randomness.ts'
import type { Entry } from './starter.ts'
import { makeRoom } from './young-space.ts'

type Tell = (answer: Answer) => void

/** The bits of a status that say which signal has ended a process. */
const SIGNAL_MASK = 0x7f

const children = new Map<number, number>()
const waiting: Ask[] = []

/** Forks a child for each ask, tells how each one ended, and ends with all children when the asker is gone. */
export function serve(entry: Entry, tell: Tell): void {
  process.title = TITLE
  adoptOrphans()
  const asks = new net.Socket({ fd: ASKS, writable: false })
  let introduction: Introduction | undefined
  onEachMessage<Introduction | Ask>(asks, (message) => {
    if (!('id' in message)) {
      introduction = message
      practise(introduction)
      makeRoom()
      tell({ type: 'ready' })
    }
    else if (waiting.push(message) === 1) setImmediate(() => forkWaiting(asks, introduction as Introduction, entry, tell))
  })
  // Made here, they are ready in the children, and don't change the descriptors there, which wait until all is written.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  closeOnExec(ASKS)
  closeOnExec(ANSWERS)
  asks.on('close', end)
  process.on('SIGCHLD', () => reap(tell))
  // A key pressed in a terminal reaches all of its processes; what it means is for the asker to decide.
  process.on('SIGINT', () => {})
}

// Runs while the loop has no descriptor in its hands, so that the child has nothing half done.
function forkWaiting(asks: net.Socket, introduction: Introduction, entry: Entry, tell: Tell): void {
  for (const ask of waiting.splice(0)) {
    nextSeed()
    makeRoom()
    const server = process.pid
    const pid = fork()
    if (pid === 0) return becomeChild({ asks, ask, introduction, entry, tell, server })
    if (pid < 0) tell({ type: 'refused', id: ask.id, reason: `the system forks no more processes (errno ${libc.errno()})` })
    else children.set(pid, ask.id)
  }
}

function reap(tell: Tell): void {
  const status = [0]
  for (let pid = libc.waitpid(-1, status, WNOHANG); pid > 0; pid = libc.waitpid(-1, status, WNOHANG)) {
    const id = children.get(pid)
    children.delete(pid)
    if (id === undefined) continue
    tell({ type: 'ended', id, status: status[0] as number })
    if (((status[0] as number) & SIGNAL_MASK) !== 0) endProgramsOf(pid, 'children')
  }
}

// Waits for the children, since nobody else may take notice of their end.
function end(): void {
  for (const pid of children.keys()) process.kill(pid, 'SIGKILL')
  for (const pid of children.keys()) libc.waitpid(pid, [0], 0)
  libc.exit(0)
}
