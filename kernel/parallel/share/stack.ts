/** Stack traces that cross from the owner to a thread: first where it failed, then where the thread asked. */
import { ROOT } from '../../entry-file.ts'

/** The stack up to the machinery that carried out the request. */
export function aboveMachinery(stack: string): string {
  const lines = stack.split('\n')
  const machinery = lines.findIndex(isMachinery)
  return machinery < 0 ? stack : lines.slice(0, machinery).join('\n')
}

/** Adds where the thread is now to the stack of an error that came from the owner. */
export function appendAsker(error: Error): Error {
  const frames = new Error().stack?.split('\n').slice(1).filter((line) => !isMachinery(line)) ?? []
  const stack = [error.stack, ...frames].join('\n')
  return Object.defineProperty(error, 'stack', { value: stack, writable: true, enumerable: false, configurable: true })
}

function isMachinery(line: string): boolean {
  return line.includes(ROOT.href)
}
