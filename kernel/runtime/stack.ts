import { fileURLToPath } from 'node:url'
import { ROOT } from '../entry-file.ts'
import { VERSION } from './local-addresses.ts'

/** Where a position of the JavaScript that runs is in the text that the user wrote. */
export interface Positions {
  original(line: number, column: number): { readonly line: number; readonly column: number } | undefined
}

const OWN = [ROOT.href, fileURLToPath(ROOT)]

/**
 * Makes `error.stack` name the cells' own lines and leave out Node's and the kernel's frames, in whatever prints it.
 * `positionsOf` knows the files that are cells.
 */
export function installStackTraces(positionsOf: (file: string) => Positions | undefined): void {
  Error.stackTraceLimit = 50
  Error.prepareStackTrace = (error, frames) => {
    const lines = usersFrames(frames).map(frame => `\n    at ${describe(frame, positionsOf)}`)
    return `${headline(error)}${lines.slice(0, 20).join('')}`
  }
}

/** Without the kernel's own frames, and without Node's that called the user's code: those that it called stay. */
function usersFrames(frames: readonly NodeJS.CallSite[]): readonly NodeJS.CallSite[] {
  const kept = frames.filter(frame => !isOwn(fileOf(frame)) && !/^node:(?:internal\/|inspector|diagnostics_channel)/.test(fileOf(frame)))
  return kept.slice(0, kept.findLastIndex(frame => fileOf(frame) !== '' && !fileOf(frame).startsWith('node:')) + 1)
}

/** Whether code of this file is neither the kernel's nor Node's. What is no file was evaluated: a cell. */
export function isUsers(file: string): boolean {
  return !file.startsWith('node:') && !isOwn(file)
}

function isOwn(file: string): boolean {
  return OWN.some(own => file.startsWith(own))
}

/** V8 knows code that was evaluated by its `sourceURL`, not as a file. */
function fileOf(frame: NodeJS.CallSite): string {
  return frame.getFileName() || frame.getScriptNameOrSourceURL() || ''
}

function headline(error: Error): string {
  try {
    return Error.prototype.toString.call(error)
  } catch {
    return 'Error'
  }
}

function describe(frame: NodeJS.CallSite, positionsOf: (file: string) => Positions | undefined): string {
  const file = fileOf(frame)
  const positions = positionsOf(file)
  if (!positions) return String(frame).replace(VERSION, '')
  const original = positions.original(frame.getLineNumber() ?? 1, frame.getColumnNumber() ?? 1)
  const place = original ? `${file}:${original.line}:${original.column}` : file
  const name = functionName(frame)
  return name ? `${name} (${place})` : place
}

function functionName(frame: NodeJS.CallSite): string {
  const name = frame.getFunctionName()
  // A function of the notebook that was made again in a worker may be named after the way it was made.
  if (!name || name === 'eval') return ''
  const type = frame.isToplevel() ? null : frame.getTypeName()
  const called = frame.isConstructor() ? `new ${name}` : type && type !== 'Object' && !name.startsWith(type) ? `${type}.${name}` : name
  return frame.isAsync() ? `async ${called}` : called
}
