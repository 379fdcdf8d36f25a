import type * as net from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { drained } from './drain.ts'
import type { Exit, StartedProcess } from './starter.ts'

interface Connections {
  readonly link: net.Socket
  readonly stdout: net.Socket
  readonly stderr: net.Socket
}

/** A started process, however it was started. */
export class Running implements StartedProcess {
  readonly pid: number
  readonly link: net.Socket
  readonly stdout: net.Socket
  readonly stderr: net.Socket
  readonly exited: Promise<Exit>
  /** Called before each signal. */
  beforeSignal: (() => void) | undefined
  #ended = false

  constructor(pid: number, { link, stdout, stderr }: Connections, ended: Promise<Exit>) {
    this.pid = pid
    this.link = link
    this.stdout = stdout
    this.stderr = stderr
    this.exited = this.#finish(ended)
  }

  kill(signal: NodeJS.Signals | number = 'SIGTERM'): void {
    if (this.#ended) return
    this.beforeSignal?.()
    try {
      process.kill(this.pid, signal)
    } catch (error) {
      // It ended just now, and the word of it is still on its way.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  async #finish(ended: Promise<Exit>): Promise<Exit> {
    const exit = await ended
    this.#ended = true
    // Whoever has just been handed this process first gets the time to read from it.
    await setImmediate()
    await drained([this.link, this.stdout, this.stderr])
    return exit
  }
}
