import { closeSync, readSync, writeSync } from 'node:fs'
import * as net from 'node:net'
import { type Answer, type Ask, FRAME_HEADER, header, type Identity, type Introduction, KINDS } from './fork-protocol.ts'
import { AF_UNIX, libc, loop, SIGCONT, SIGKILL, signalAtParentsDeath, SOCK_CLOEXEC, SOCK_STREAM, unblockSignals } from './libc.ts'
import { leaveDirectly } from './leaving.ts'
import { markPrograms } from './orphans.ts'
import { reseed } from './randomness.ts'
import type { Entry } from './starter.ts'

interface Birth {
  readonly asks: net.Socket
  readonly ask: Ask
  readonly introduction: Introduction
  readonly entry: Entry
  readonly tell: (answer: Answer) => void
  /** The number of the process that forked. */
  readonly server: number
}

/** Turns what fork(2) returned in into a process of its own, and has it run the entry's `main` in a fresh turn of the loop. */
export function becomeChild({ asks, ask: { id }, introduction, entry, tell, server }: Birth): void {
  endWith(server)
  libc.loopFork(loop)
  try {
    forgetServer(asks)
    process.title = 'paracell process'
    takeNumber()
    leaveDirectly((exitCode) => tell({ type: 'left', id, exitCode }))
    const link = connectAll(introduction, id)
    takeIdentity(JSON.parse(readFrame(link)) as Identity)
    tell({ type: 'hello', id, pid: process.pid })
    setImmediate(() => entry.main(new net.Socket({ fd: link })))
  } catch (error) {
    tell({ type: 'refused', id, reason: String(error) })
    libc.exit(1)
  }
}

/**
 * Takes the steps of a child in the server, where they do nothing: what is compiled here, and only here, each child has
 * ready. The asker drops connections of a child that it never asked for.
 */
export function practise(introduction: Introduction): void {
  endWith(process.ppid, SIGCONT)
  takeNumber()
  takeIdentity({ env: process.env as Record<string, string>, cwd: process.cwd() })
  const [link, ...output] = openAll(introduction, 0)
  for (const fd of output) closeSync(fd)
  setImmediate(() => new net.Socket({ fd: link as number }).on('close', () => {}).removeAllListeners().destroy())
}

// The server may have ended between the fork and the moment from which the system watches it.
function endWith(parent: number, signal = SIGKILL): void {
  signalAtParentsDeath(signal)
  if (libc.getppid() !== parent) libc.exit(1)
}

function forgetServer(asks: net.Socket): void {
  asks.removeAllListeners().destroy()
  process.removeAllListeners('SIGCHLD').removeAllListeners('SIGINT')
  unblockSignals()
}

function takeNumber(): void {
  Object.defineProperty(process, 'pid', { value: libc.getpid(), enumerable: true, configurable: true })
  reseed()
}

function takeIdentity({ env, cwd }: Identity): void {
  replaceEnvironment(env)
  markPrograms()
  process.chdir(cwd)
}

function replaceEnvironment(env: Identity['env']): void {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name]
  for (const [name, value] of Object.entries(env)) if (process.env[name] !== value) process.env[name] = value
}

// Blocks, having nothing else to do, and reads no byte more: what follows is for `main`.
function readFrame(fd: number): string {
  return readFully(fd, readFully(fd, FRAME_HEADER).readUInt32LE()).toString()
}

function readFully(fd: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let done = 0; done < length;) {
    const read = readSome(fd, bytes, done)
    // Nobody will ask for this process any more.
    if (read === 0) libc.exit(0)
    done += read
  }
  return bytes
}

function readSome(fd: number, bytes: Buffer, offset: number): number {
  for (;;) {
    try {
      return readSync(fd, bytes, offset, bytes.length - offset, null)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') return 0
      if ((error as NodeJS.ErrnoException).code !== 'EINTR') throw error
    }
  }
}

// The blocking calls of the system, so that all is in place before any user code, also output of native code.
function connectAll(introduction: Introduction, id: number): number {
  const [link, ...output] = openAll(introduction, id)
  output.forEach((fd, index) => {
    libc.dup2(fd, index + 1)
    closeSync(fd)
  })
  return link as number
}

function openAll({ address, token }: Introduction, id: number): number[] {
  return KINDS.map((kind) => {
    const fd = connect(address)
    writeSync(fd, header(token, id, kind))
    return fd
  })
}

function connect(address: string): number {
  const fd = libc.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)
  const family = Buffer.from(new Uint16Array([AF_UNIX]).buffer)
  const socketAddress = Buffer.concat([family, Buffer.from(address)])
  if (fd < 0 || libc.connect(fd, socketAddress, socketAddress.length) < 0) {
    throw new Error(`A forked process can't reach the one that asked for it (errno ${libc.errno()}).`)
  }
  return fd
}
