import type * as net from 'node:net'

/** How a process ended. */
export interface Exit {
  /** Python's number: what the process gave to exit, or minus the signal's number, so `-9` when killed by SIGKILL. */
  readonly exitCode: number
  /** The name of the signal that ended it, where a signal did and has a name. */
  readonly signal?: NodeJS.Signals
}

/** One operating-system process that runs the entry's `main`. */
export interface StartedProcess {
  /** The process's own number; no other living process has it. */
  readonly pid: number
  /** Bytes to and from the `link` that the child's `main` was given. */
  readonly link: net.Socket
  /** What the process and its own children write to descriptor 1. */
  readonly stdout: net.Socket
  /** What the process and its own children write to descriptor 2. */
  readonly stderr: net.Socket
  /**
   * Never rejects. Settles after all that the child wrote to link, stdout and stderr has been emitted as data to those
   * who read there, even while a grandchild still holds the descriptors; a paused reader holds it up, a missing one doesn't.
   */
  readonly exited: Promise<Exit>
  /** Sends a signal, SIGTERM by default. Does nothing once the process has ended. */
  kill(signal?: NodeJS.Signals | number): void
}

export interface StartOptions {
  /** The whole environment of the child, but for its own number as `PARACELL_PROCESS`, by which its programs are known. Default: the starting thread's `process.env` at the moment of `start`. */
  readonly env?: Readonly<Record<string, string>>
  /** The child's folder. Default: the starting thread's at the moment of `start`. */
  readonly cwd?: string
}

/**
 * Starts processes that run `main(link)` of one entry module. Disposing it ends all of them and waits for their end;
 * they also end by themselves when the process that holds the starter goes away, however it goes.
 */
export interface Starter extends AsyncDisposable {
  /** Resolves when the child is about to call `main`. Rejects with a UsageError when `cwd` is no folder. */
  start(options?: StartOptions): Promise<StartedProcess>
  /** Does ahead of the first `start` what can be done ahead. */
  warm(): Promise<void>
}

/** What the module that a starter is given must export. */
export interface Entry {
  main(link: net.Socket): void
  /** Does once in the fork server what would otherwise be done, and compiled, in each of its children. */
  practise?(): Promise<void>
}
