import { EventEmitter } from 'node:events'
import * as is from 'node:util/types'
import { MessagePort } from 'node:worker_threads'
import { ROOT } from '../../entry-file.ts'
import { instances } from '../../language/runtime.ts'
import { builtinPath, rareBuiltinPath, type BuiltinPath } from './builtins.ts'
import { originOf } from './module-index.ts'
import type { Scope } from './parcel.ts'
import { sourceFacts } from './source-facts.ts'

/** What a value is that can't travel, and what to do instead. */
export type Refusal = readonly [what: string, hint: string]

const inside = 'make it inside the function'
const send = (what: string): string => `send ${what} instead`

export const proxy: Refusal = ['a Proxy', send('the object behind it')]

const table: readonly (readonly [test: (value: object) => boolean, what: string, hint: string])[] = [
  [is.isPromise, 'a Promise', 'await it and send what it resolves to'],
  [is.isWeakMap, 'a WeakMap', 'use a Map'],
  [is.isWeakSet, 'a WeakSet', 'use a Set'],
  [value => value instanceof WeakRef, 'a WeakRef', send('the object that it refers to')],
  [is.isGeneratorObject, 'a generator that has begun', 'call the generator function inside the function'],
  [isIterator, 'an iterator that has begun', send('an array of what it yields')],
  [is.isArgumentsObject, 'an arguments object', send('[...arguments]')],
  [is.isModuleNamespaceObject, 'a module that no cell imported', 'import it in a cell'],
  [is.isExternal, 'a native handle', inside],
  [isAborting, 'an AbortSignal', 'use an Event of paracell, which workers can wait for'],
  [value => value instanceof MessagePort, 'a MessagePort', 'use a Queue or a Pipe, or a Thread in place of a Process'],
]

function isIterator(value: object): boolean {
  return is.isMapIterator(value) || is.isSetIterator(value) || value instanceof Iterator
}

function isAborting(value: object): boolean {
  return value instanceof AbortSignal || value instanceof AbortController
}

/** What the kernel itself offers, and gives no other way. */
const OWN_HINT = 'make it inside the function; queues, locks and the like can be sent there'

const free = new WeakSet<object>()

/** Has an object of the kernel's own classes travel, without what these keep for themselves. */
export function letTravel<T extends object>(value: T): T {
  free.add(value)
  return value
}

/** Why an object of no other kind can't travel: what it is, or the builtin class or the private fields that it has. */
export function refusalOf(value: object, scope: Scope): Refusal | undefined {
  if (free.has(value) || (Object.getPrototypeOf(value) === Object.prototype && !is.isArgumentsObject(value))) return undefined
  const row = table.find(([test]) => test(value))
  return row ? [row[1], row[2]] : refusalOfClass(value, scope)
}

function refusalOfClass(value: object, scope: Scope): Refusal | undefined {
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype === null || prototype === Object.prototype || prototype === EventEmitter.prototype) return undefined
  return refusalOfPrototype(prototype, scope) ?? refusalOfClass(prototype, scope)
}

const studied = new WeakMap<object, Refusal | false>()

function refusalOfPrototype(prototype: object, scope: Scope): Refusal | undefined {
  let refusal = studied.get(prototype)
  if (refusal === undefined) studied.set(prototype, (refusal = studyPrototype(prototype, scope) ?? false))
  return refusal || undefined
}

function studyPrototype(prototype: object, scope: Scope): Refusal | undefined {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  if (typeof constructor !== 'function' || constructor.prototype !== prototype) return undefined
  if (isBuiltin(constructor, scope)) return refusalOfBuiltin(constructor)
  if (scope.location(constructor)?.file.startsWith(ROOT.href)) return [`${an(constructor.name)} of paracell`, OWN_HINT]
  return refusalOfFields(constructor, scope)
}

/** What a class of a cell or a local file has can be reached, that of any other not. */
function refusalOfFields(constructor: Function, scope: Scope): Refusal | undefined {
  const fields = sourceFacts(String(constructor))?.class?.privateFields ?? []
  if (fields.length === 0 || instances.accessTo(constructor)?.fields) return undefined
  return refusalOfPackage(constructor, scope) ?? [`${an(constructor.name)} with private fields (${few(fields)})`, declareHint(constructor.name)]
}

const declareHint = (name: string): string => `declare class ${name} in a cell or a local .ts file, make it inside the function, or say "private" in place of "#"`

/** Only its own code can read and set the private fields of an object. */
function refusalOfPackage(type: Function, scope: Scope): Refusal | undefined {
  const [, name] = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(scope.location(type)?.file ?? '') ?? []
  if (name === undefined) return undefined
  const exported = originOf(type, scope.modules)?.steps.findLast(step => /^\.[A-Z]/.test(step))?.slice(1)
  return [`${an(exported ?? type.name)} of the package "${name}", which has private fields`, 'make it inside the function, or send what it holds']
}

/** Why an object of a builtin kind, such as a Map, can't travel: one of its own classes has private fields. */
export function refusalOfSubclass(value: object, scope: Scope): Refusal | undefined {
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype === null || builtinPath(prototype)) return undefined
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  return (typeof constructor === 'function' ? refusalOfFields(constructor, scope) : undefined) ?? refusalOfSubclass(prototype, scope)
}

/** Whether a function is part of JavaScript or of Node. */
export function isBuiltin(fn: Function, scope: Scope): boolean {
  const place = scope.location(fn)
  return place ? place.file.startsWith('node:') : sourceFacts(String(fn)) === undefined
}

function refusalOfBuiltin(constructor: Function): Refusal {
  const path = rareBuiltinPath(constructor)
  const name = path ? spoken(path) : constructor.name
  return [an(name), hintsOfBuiltins.find(([pattern]) => pattern.test(name))?.[1] ?? inside]
}

const hintsOfBuiltins: readonly (readonly [RegExp, string])[] = [
  [/^(?:net|tls|dgram|http2?|https)\.|Socket|Server/, 'open it inside the function'],
  [/^fs\.|FileHandle/, `${send('the path')} and open it inside the function`],
  [/Stream|Readable|Writable|Duplex|Transform/, 'open it inside the function, or use a Queue'],
  [/^(?:Blob|File)$/, send('its bytes, await blob.bytes(),')],
  [/^(?:Request|Response)$/, send('its URL, text or bytes')],
  [/^FormData$/, send('[...form.entries()]')],
  [/Key(?:Object)?$/, send('it exported')],
  [/^WebAssembly\.Memory$/, 'make it with shared: true for a thread, or make it inside the function'],
  [/^WebAssembly\./, `${send('the bytes of the module')} and instantiate it inside the function`],
  [/^(?:Timeout|Immediate)$/, 'start it inside the function'],
  [/^child_process\.|^ChildProcess|Worker/, 'start it inside the function'],
]

/** `net.Socket`, `Map` */
function spoken([root, ...steps]: BuiltinPath): string {
  const [where, name] = root!.split(/:(.*)/s)
  return (where === 'hidden' ? `%${name}%` : name!.replace(/^node:/, '')) + steps.join('').replace(/\.prototype$/, '')
}

/** A class may have dozens. */
const few = (names: readonly string[]): string => (names.length > 5 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', '))

const an = (name: string): string => (/^[AEIOU]/i.test(name) ? `an ${name}` : `a ${name || 'builtin object'}`)
