import { isDate, isMap, isNativeError, isRegExp, isSet } from 'node:util/types'
import { MessagePort } from 'node:worker_threads'
import { described } from './kinds-of-builtins.ts'
import { arrayBuffer, sharedBuffer, view } from './kinds-of-bytes.ts'
import { boxed, plain } from './kinds-of-objects.ts'
import { kind, named, nothing, type Kind } from './kind.ts'
import type { Mode } from './parcel.ts'
import { isLinked } from './draft.ts'

/** The first kind that says yes; plain objects and instances of classes come last. */
export const kindOf = (value: object, mode: Mode): Kind => kinds.find(kind => kind.test(value, mode))!

/** Each kind by its name. */
export const kindNamed = (name: string): Kind | undefined => kinds.find(kind => kind.name === name)

const array = kind<unknown[], unknown[]>({
  name: 'array',
  test: Array.isArray,
  prototype: () => Array.prototype,
  rest: value => named(value, value.length).filter(key => key !== 'length'),
  shell(value, draft, id, trail) {
    const shell: unknown[] = []
    for (let i = 0; i < value.length; i++) {
      const element = value[i]
      if (isLinked(element)) draft.put(id, shell, i, element, { from: trail, key: i, holder: value })
      else if (element !== undefined || Object.hasOwn(value, i)) shell[i] = element
    }
    shell.length = value.length
    return shell
  },
  make: shell => shell,
})

const map = kind<Map<unknown, unknown>, unknown[]>({
  name: 'map',
  test: isMap,
  prototype: () => Map.prototype,
  rest: Reflect.ownKeys,
  shell(value, draft, id, trail) {
    const shell: unknown[] = []
    Map.prototype.forEach.call(value, (element, key) => {
      draft.put(id, shell, shell.length, key, { from: trail, step: '.keys()' })
      const step = isLinked(key) ? '.values()' : `.get(${typeof key === 'string' ? JSON.stringify(key) : String(key)})`
      draft.put(id, shell, shell.length, element, { from: trail, step })
    })
    return shell
  },
  make: () => new Map(),
  complete(made, shell) {
    for (let i = 0; i < shell.length; i += 2) Map.prototype.set.call(made, shell[i], shell[i + 1])
  },
})

const set = kind<Set<unknown>, unknown[]>({
  name: 'set',
  test: isSet,
  prototype: () => Set.prototype,
  rest: Reflect.ownKeys,
  shell(value, draft, id, trail) {
    const shell: unknown[] = []
    const trailOfAll = { from: trail, step: '.values()' }
    Set.prototype.forEach.call(value, element => draft.put(id, shell, shell.length, element, trailOfAll))
    return shell
  },
  make: () => new Set(),
  complete(made, shell) {
    for (const element of shell) Set.prototype.add.call(made, element)
  },
})

const date = kind<Date, number>({
  name: 'date',
  test: isDate,
  prototype: () => Date.prototype,
  rest: Reflect.ownKeys,
  shell: value => Date.prototype.getTime.call(value),
  make: shell => new Date(shell),
})

const regexp = kind<RegExp, [source: string, flags: string]>({
  name: 'regexp',
  test: isRegExp,
  prototype: () => RegExp.prototype,
  rest: Reflect.ownKeys,
  shell: ({ source, flags }) => [source, flags],
  make: ([source, flags]) => new RegExp(source, flags),
})

const error = kind<Error, string | undefined>({
  name: 'error',
  test: isNativeError,
  prototype: () => Error.prototype,
  rest: value => Reflect.ownKeys(value).filter(key => key !== 'stack'),
  shell: value => (Object.hasOwn(value, 'stack') ? value.stack : undefined),
  make(stack) {
    const { stackTraceLimit } = Error
    // Its own stack gives way to the captured one: collecting it would be for nothing.
    Error.stackTraceLimit = 0
    const made = new Error()
    Error.stackTraceLimit = stackTraceLimit
    if (stack === undefined) Reflect.deleteProperty(made, 'stack')
    else made.stack = stack
    return made
  },
})

const url = kind<URL, string>({
  name: 'url',
  test: value => value instanceof URL,
  prototype: () => URL.prototype,
  rest: Reflect.ownKeys,
  shell: value => value.href,
  make: shell => new URL(shell),
})

const searchParams = kind<URLSearchParams, string>({
  name: 'searchParams',
  test: value => value instanceof URLSearchParams,
  prototype: () => URLSearchParams.prototype,
  rest: Reflect.ownKeys,
  shell: String,
  make: shell => new URLSearchParams(shell),
})

const port = kind<MessagePort, number>({
  name: 'port',
  test: (value, mode) => mode === 'share' && value instanceof MessagePort,
  prototype: () => MessagePort.prototype,
  rest: nothing,
  shell(value, draft) {
    draft.transfer.push(value)
    return draft.shared.push(value) - 1
  },
  make: (shell, from) => from.shared[shell] as MessagePort,
})

const kinds: readonly Kind[] = [
  array, map, set, date, regexp, described, error, boxed, arrayBuffer, sharedBuffer, view, url, searchParams, port, plain,
]
