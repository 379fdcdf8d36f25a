import childProcess, { type ChildProcess, type StdioOptions } from 'node:child_process'
import { currentOwner } from '../session/owner.ts'
import { type Descriptors, openDescriptors, type OutputServer } from './inherited.ts'
import type { Sink } from './sink.ts'

type Call = (...args: unknown[]) => unknown

/** Addons of the kernel's own, which print nothing. */
const QUIET_ADDONS = /[\\/](@?oxc-|koffi|zeromq)/

/**
 * Keeps the output of child programs that inherit this process's descriptors in its place. A synchronous child prints
 * in the middle of its cell. Any other gets descriptors of its own, read by `server`, so that what it prints is the
 * output of the cell that started it, also when the next cell runs.
 */
export function watchChildren(sink: Sink, server?: OutputServer): void {
  const module = childProcess as unknown as Record<string, Call>
  for (const name of ['spawnSync', 'execFileSync', 'execSync']) wrap(module, name, call => inPlace(sink, call))
  for (const name of ['spawn', 'fork']) wrap(module, name, call => (server ? apart(sink, server, call) : call))
  const dlopen = process.dlopen as unknown as Call
  process.dlopen = (...args: unknown[]) => {
    // A native addon may write to the descriptors at any moment.
    if (!QUIET_ADDONS.test(String(args[1]))) sink.unbuffer()
    return Reflect.apply(dlopen, process, args)
  }
}

function wrap(module: Record<string, Call>, name: string, change: (call: Call) => Call): void {
  const original = module[name] as Call
  module[name] = Object.defineProperties(change(original), Object.getOwnPropertyDescriptors(original)) as Call
}

function inPlace(sink: Sink, call: Call): Call {
  return (...args) => {
    sink.lend(currentOwner())
    try {
      return call(...args)
    } finally {
      sink.takeBack()
    }
  }
}

function apart(sink: Sink, server: OutputServer, call: Call): Call {
  return (...args) => {
    const options = args.findLast(isOptions)
    if (!options?.stdio || !inherits(options.stdio)) return call(...args)
    sink.flush()
    using descriptors = openDescriptors(server, currentOwner())
    if (!descriptors) return call(...args)
    const redirected = { ...options, stdio: redirect(options.stdio, descriptors) }
    const child = call(...args.map(argument => (argument === options ? redirected : argument))) as ChildProcess
    const { drain } = descriptors
    // Before anybody hears of its end, what it printed is out.
    child.prependOnceListener('exit', drain)
    return child
  }
}

function isOptions(argument: unknown): argument is { readonly stdio?: StdioOptions } {
  return typeof argument === 'object' && argument !== null && !Array.isArray(argument)
}

function inherits(stdio: StdioOptions): boolean {
  return listOf(stdio).some((entry, index) => streamOf(entry, index) !== undefined)
}

function redirect(stdio: StdioOptions, descriptors: Descriptors): StdioOptions {
  return listOf(stdio).map((entry, index) => {
    const stream = streamOf(entry, index)
    return stream === undefined ? entry : descriptors[stream]
  }) as StdioOptions
}

function listOf(stdio: StdioOptions): readonly unknown[] {
  return typeof stdio === 'string' ? [stdio, stdio, stdio] : stdio
}

/** Which of this process's streams an entry of `stdio` stands for. */
function streamOf(entry: unknown, index: number): 'stdout' | 'stderr' | undefined {
  const descriptor = entry === 'inherit' ? index : typeof entry === 'number' ? entry : (entry as { fd?: unknown } | null)?.fd
  return descriptor === 1 ? 'stdout' : descriptor === 2 ? 'stderr' : undefined
}
