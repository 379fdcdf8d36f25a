import { type ClassAccess, instances, type PrivateMembers } from '../../language/runtime.ts'
import type { Draft } from './draft.ts'
import { sourceFacts } from './source-facts.ts'
import type { Trail } from './trail.ts'

/** A class that an object is an instance of, and the private fields that the object has by it. */
interface Level {
  readonly type: Function
  readonly access: ClassAccess
  readonly values: readonly unknown[]
}

/** Captures an instance's private fields. Returns the class that has to make the object itself, if one has. */
export function packPrivateFields(draft: Draft, id: number, value: object, trail: Trail): number | undefined {
  const levels = levelsOf(value)
  if (!levels) return undefined
  const types = levels.map(({ type, access: { fields }, values }) => {
    const names = namesOf(fields)
    settleFunctions(draft, id, type, name => (names.includes(name) ? values[names.indexOf(name)] : ownValue(value, name)))
    return draft.privateFields(id, type, names, values, { from: trail, holder: value })
  })
  return levels[0]?.access.derived === false ? types[0] : undefined
}

/** What a field began as, which only its class can make: a function that is written in it and uses private names. */
export interface InitialShell {
  readonly owner: number
  readonly name: string
}

function settleFunctions(draft: Draft, owner: number, type: Function, valueOf: (name: string) => unknown): void {
  for (const [name, text] of sourceFacts(Function.prototype.toString.call(type))?.class?.functionFields ?? []) {
    const fn = valueOf(name)
    if (typeof fn !== 'function' || Function.prototype.toString.call(fn) !== text || sourceFacts(text)) continue
    draft.settle(fn, 'initial', { owner, name } satisfies InitialShell)
  }
}

const ownValue = (value: object, key: string): unknown => Object.getOwnPropertyDescriptor(value, key)?.value

/** Captures a class's private static fields. */
export function packPrivateStatics(draft: Draft, id: number, type: Function, trail: Trail): void {
  const statics = instances.accessTo(type)?.statics
  if (statics) draft.privateFields(id, type, namesOf(statics), statics.read(type) ?? [], { from: trail, holder: type })
}

const namesOf = (members: PrivateMembers | undefined): readonly string[] => members?.names ?? []

/** Base classes first, which is the order in which an instance gets them. */
function levelsOf(value: object): readonly Level[] | undefined {
  let at = Object.getPrototypeOf(value) as object | null
  // Most are of no class, and there may be a million of them.
  if (at === Object.prototype || at === Array.prototype) return undefined
  const levels: Level[] = []
  for (; at && at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null) {
    const type: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value
    const access = typeof type === 'function' && type.prototype === at ? instances.accessTo(type) : undefined
    const values = access?.fields?.read(value)
    if (access && values) levels.unshift({ type: type as Function, access, values })
  }
  return levels
}

/** An instance of a class that extends none, without properties. None of the class's code runs. */
export function bareInstance(type: Function): object {
  const made = construct(type)
  noteFunctions(made, type)
  for (const key of Reflect.ownKeys(made)) Reflect.deleteProperty(made, key)
  return made
}

/** Gives objects the private members of a class that extends another. None of the class's code runs. */
export function addPrivateMembers(type: Function, objects: readonly object[]): void {
  const parent = Object.getPrototypeOf(type) as object
  let next: object | undefined
  Object.setPrototypeOf(type, function () {
    return next
  })
  try {
    for (const object of objects) {
      next = object
      keepingProperties(object, () => noteFunctions(construct(type), type))
    }
  } finally {
    Object.setPrototypeOf(type, parent)
  }
}

const initials = new WeakMap<object, Record<string, unknown>>()

function noteFunctions(object: object, type: Function): void {
  const { names, read } = accessTo(type).fields as PrivateMembers
  const values = read(object) as unknown[]
  const all = [...names.map((name, i) => [name, values[i]] as const), ...Object.entries(object)]
  const functions = all.filter(([, value]) => typeof value === 'function')
  if (functions.length > 0) initials.set(object, Object.assign(initials.get(object) ?? {}, Object.fromEntries(functions)))
}

/** What a bare instance had as that field. */
export function initialField(owner: object, { name }: InitialShell): unknown {
  return initials.get(owner)?.[name]
}

/** Sets the private fields of an instance, or of a class itself. */
export function fillPrivateFields(type: Function, owner: object, values: readonly unknown[]): void {
  const { fields, statics } = accessTo(type)
  const members = owner === type ? statics : fields
  members?.fill(owner, values)
}

const accessTo = (type: Function): ClassAccess => instances.accessTo(type) as ClassAccess

function construct(type: Function): object {
  const { parameters } = accessTo(type)
  instances.bare = true
  try {
    return Reflect.construct(type, Array.from({ length: parameters }, () => anything)) as object
  } finally {
    instances.bare = false
  }
}

/** Public fields come with the private ones, empty. */
function keepingProperties(object: object, change: () => void): void {
  const properties = Object.getOwnPropertyDescriptors(object)
  change()
  for (const key of Reflect.ownKeys(object)) Reflect.deleteProperty(object, key)
  Object.defineProperties(object, properties)
}

/** What parameters of any pattern can be taken from, so that none of their defaults is evaluated. */
const anything: unknown = new Proxy({}, {
  get: (_target, key): unknown => (key === Symbol.iterator ? () => ({ next: () => ({ done: true, value: undefined }) }) : anything)
})
