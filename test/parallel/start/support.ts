import type * as net from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readFileSync } from 'node:fs'
import type { Exit, StartedProcess, Starter, StartOptions } from '../../../kernel/parallel/start/starter.ts'

export const CHILD = beside('child.ts')

const LONGEST_WAIT = 10_000

export interface Outcome {
  readonly process: StartedProcess
  readonly exit: Exit
  readonly link: string
  readonly stdout: string
  readonly stderr: string
}

/** The path of a file in this folder. */
export function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

/** The environment that has the child do something. */
export function doing(deed: string, more: Record<string, string> = {}): StartOptions {
  return { env: { PATH: process.env['PATH'] ?? '', DO: deed, ...more } }
}

/** Starts a process and takes all that comes from it until `exited` settles. */
export async function run(starter: Starter, options: StartOptions): Promise<Outcome> {
  const started = await starter.start(options)
  const [link, stdout, stderr] = [started.link, started.stdout, started.stderr].map(collect) as [Text, Text, Text]
  const exit = await started.exited
  return { process: started, exit, link: link.text, stdout: stdout.text, stderr: stderr.text }
}

interface Text {
  text: string
}

/** What comes from a socket, as it comes. */
export function collect(socket: net.Socket): Text {
  const collected = { text: '' }
  socket.setEncoding('utf8').on('data', (text: string) => (collected.text += text))
  return collected
}

/** Resolves when a process is no more; a dead one that nobody has asked about doesn't count. */
export async function gone(pid: number): Promise<void> {
  const deadline = performance.now() + LONGEST_WAIT
  while (isAlive(pid)) {
    if (performance.now() > deadline) throw new Error(`Process ${pid} is still alive.`)
    await setTimeout(5)
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ')
  } catch {
    return false
  }
}
