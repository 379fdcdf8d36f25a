import { WorkerHandle, type CellWorkerOptions, type ClusterOptions, type WorkerOptions } from './client/worker-handle.ts'
import { realm } from './client/realm.ts'
import type { StartMethod } from './protocol.ts'

export interface ProcessOptions<Arguments extends readonly unknown[]> extends WorkerOptions<Arguments>, ClusterOptions {
  /** Default: what `getStartMethod()` says. */
  readonly startMethod?: StartMethod
}

let count = 0

/**
 * Runs a function in a process of its own, with copies of everything that it uses, as it was at `start()`. Modules are
 * imported anew: what a cell has changed in one is not there, what a local file changes when it is loaded is.
 *
 * @throws {UsageError} from `start()`, when something that the target uses can't travel: it says what, and what to do
 * @example
 * const greet = (name: string) => console.log(`hello ${name}`)
 * const child = new Process({ target: greet, args: ['world'], name: 'greeter' })
 * child.start()
 * await child.join()
 * child.exitCode // 0
 *
 * @example
 * // or a class with a method `run`, which runs in the process, with a copy of the instance
 * class Square extends Process { constructor(private n: number) { super() } run() { return this.n ** 2 } }
 * const square = new Square(4)
 * square.start()
 * await square.result() // 16
 */
export class Process<Arguments extends readonly unknown[] = readonly unknown[]> extends WorkerHandle<Arguments> {
  constructor(options?: ProcessOptions<Arguments>, cell?: CellWorkerOptions) {
    super('process', `Process-${++count}`, options, cell)
  }
}

/**
 * The process that asks: its name and the operating system's number.
 *
 * @example currentProcess().name // 'MainProcess'
 */
export function currentProcess(): { readonly name: string; readonly pid: number } {
  return { name: realm().processName, pid: process.pid }
}
