import childProcess from 'node:child_process'
import { currentOwner } from '../session/owner.ts'
import type { Sink } from './sink.ts'

type Call = (...args: unknown[]) => unknown

/**
 * Keeps the output of child programs that inherit this process's descriptors in its place: what was printed before is
 * out before they start, what they print is the cell's, and what comes after them waits for the end of their stderr.
 */
export function watchChildren(sink: Sink): void {
  const module = childProcess as unknown as Record<string, Call>
  for (const name of ['spawnSync', 'execFileSync', 'execSync']) wrap(module, name, call => around(sink, call))
  for (const name of ['spawn', 'fork']) wrap(module, name, call => before(sink, call))
  const dlopen = process.dlopen as unknown as Call
  process.dlopen = (...args: unknown[]) => {
    // A native addon may write to the descriptors at any moment.
    sink.unbuffer()
    return Reflect.apply(dlopen, process, args)
  }
}

function wrap(module: Record<string, Call>, name: string, change: (call: Call) => Call): void {
  const original = module[name] as Call
  module[name] = Object.defineProperties(change(original), Object.getOwnPropertyDescriptors(original)) as Call
}

function around(sink: Sink, call: Call): Call {
  return (...args) => {
    sink.fence(currentOwner())
    sink.own(currentOwner())
    try {
      return call(...args)
    } finally {
      sink.fence(currentOwner())
    }
  }
}

function before(sink: Sink, call: Call): Call {
  return (...args) => {
    sink.own(currentOwner())
    return call(...args)
  }
}
