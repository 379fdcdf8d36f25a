import { constants } from 'node:os'
import type { Exit } from './starter.ts'

/** Reads the status that waitpid(2) gives. */
export function exitOfStatus(status: number): Exit {
  const signal = status & 0x7f
  return signal === 0 ? { exitCode: (status >> 8) & 0xff } : exitOfSignal(signal)
}

/** Reads what Node's `exit` event of a child process says. */
export function exitOfChild(code: number | null, signal: NodeJS.Signals | null): Exit {
  return signal ? exitOfSignal(constants.signals[signal]) : { exitCode: code ?? 1 }
}

function exitOfSignal(number: number): Exit {
  const signal = signalName(number)
  return signal ? { exitCode: -number, signal } : { exitCode: -number }
}

function signalName(number: number): NodeJS.Signals | undefined {
  const found = Object.entries(constants.signals).find(([, value]) => value === number)
  return found?.[0] as NodeJS.Signals | undefined
}
