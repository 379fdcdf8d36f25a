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
      return Reflect.apply(original, process, args)
    }
  }
}
