import { execFileSync } from 'node:child_process'
import type { Sink } from './sink.ts'

type Call = (...args: unknown[]) => unknown

/** Puts out what a flood of output has left gathered before the process ends itself, or is told to end: nothing runs after that. */
export function flushBeforeExit(sink: Sink): void {
  const calls = process as unknown as Record<string, Call>
  // What `process.exit` and the natural end of a process come down to is `reallyExit`.
  for (const name of ['reallyExit', 'abort', 'kill']) {
    const original = calls[name] as Call
    calls[name] = (...args) => {
      sink.flush()
      return name === 'kill' && isHarmless(args) ? killFromOutside(args) : Reflect.apply(original, process, args)
    }
  }
}

/** Signals of which a process does not die. */
const HARMLESS: ReadonlySet<unknown> = new Set<NodeJS.Signals>(['SIGPIPE', 'SIGSTOP', 'SIGTSTP', 'SIGCONT', 'SIGCHLD', 'SIGURG', 'SIGWINCH', 'SIGUSR1'])

function isHarmless([pid, signal]: readonly unknown[]): boolean {
  return HARMLESS.has(signal) && (pid === process.pid || pid === -process.pid || pid === 0) && process.listenerCount(signal as string) === 0
}

/** A process that sends itself a signal is, to Node, about to end: it would close its inspector, and no cell would run again. */
function killFromOutside([pid, signal]: readonly unknown[]): boolean {
  execFileSync('kill', ['-s', String(signal).slice(3), '--', String(pid === 0 ? -process.pid : pid)])
  return true
}
