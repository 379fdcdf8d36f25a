import fs from 'node:fs'
import inspector from 'node:inspector'
import type { Sink } from '../output/sink.ts'
import { ThreadNumber, Word } from './inside.ts'

/** How long the main thread may take to hear of an interrupt from its event loop, in milliseconds. */
const PATIENCE = 15

/** How often child programs are asked before they are killed. */
const POLITE_TRIES = 30

export interface InterrupterOptions {
  readonly words: Int32Array
  readonly sink: Sink
  tellMain(): void
}

/**
 * Stops what the main thread does, with all variables kept. A main thread that only waits is told; one that is busy has
 * its JavaScript ended through the inspector, and its synchronous child programs get a terminal's SIGINT.
 */
export class Interrupter {
  readonly #options: InterrupterOptions
  #session: inspector.Session | undefined
  #running: Promise<void> | undefined

  constructor(options: InterrupterOptions) {
    this.#options = options
  }

  /** Resolves when the main thread has taken the interrupt. */
  interrupt(): Promise<void> {
    this.#running ??= this.#interrupt().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #interrupt(): Promise<void> {
    const { words, tellMain } = this.#options
    const before = Atomics.load(words, Word.interruptsTaken)
    tellMain()
    for (let tries = 0; !(await this.#taken(before)); tries++) {
      signalChildren(tries < POLITE_TRIES ? 'SIGINT' : 'SIGKILL')
      await this.#terminate()
    }
  }

  async #taken(before: number): Promise<boolean> {
    const { words } = this.#options
    await Atomics.waitAsync(words, Word.interruptsTaken, before, PATIENCE).value
    return Atomics.load(words, Word.interruptsTaken) !== before
  }

  async #terminate(): Promise<void> {
    const session = this.#connect()
    const ended = new Promise<void>(resolve => session.post('Runtime.terminateExecution', () => resolve()))
    await Promise.race([ended, new Promise(resolve => setTimeout(resolve, PATIENCE))])
    // The main thread may have been stopped in the middle of writing.
    this.#options.sink.release(ThreadNumber.main)
  }

  #connect(): inspector.Session {
    if (!this.#session) {
      this.#session = new inspector.Session()
      this.#session.connectToMainThread()
    }
    return this.#session
  }
}

/** All below the main thread's child programs get what Ctrl-C in a terminal sends them. */
function signalChildren(signal: NodeJS.Signals): void {
  for (const pid of descendants(process.pid)) {
    try {
      process.kill(pid, signal)
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

/** Children of the thread whose number is its process's: the main thread. */
function descendants(pid: number): number[] {
  try {
    const list = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number)
    return list.flatMap(child => [child, ...descendants(child)])
  } catch {
    return []
  }
}
