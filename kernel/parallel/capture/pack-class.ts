import type { Draft } from './draft.ts'
import { inherent, plainName } from './function-properties.ts'
import { packProperties, packPrototypeOf } from './properties.ts'
import { sourceFacts, type ClassFacts } from './source-facts.ts'
import type { Trail } from './trail.ts'

/** A method that comes into being with its class. */
export interface MemberShell {
  readonly holder: number
  readonly part: 'value' | 'get' | 'set'
  readonly key: string | undefined
  readonly symbol: number
}

/** What belongs to the class itself: its parent, prototype, and the current values of its static properties. */
export function packStatics(draft: Draft, id: number, type: Function, facts: ClassFacts, trail: Trail): void {
  packPrototypeOf(draft, id, type, facts.derived ? undefined : Function.prototype, trail)
  draft.refer(type.prototype as object, { from: trail, step: '.prototype' })
  const left = new Set([...inherent, 'prototype', ...(plainName(type) === undefined ? [] : ['name'])])
  const keys = Reflect.ownKeys(type).filter(key => !left.has(key))
  packProperties(draft, id, type, additions({ draft, id, holder: type, facts, isStatic: true }, keys, trail), trail)
}

/** Captures the prototype of a function or class as part of it; false for any other object. */
export function packPrototype(draft: Draft, id: number, value: object, trail: Trail): boolean {
  const own = Object.getOwnPropertyDescriptor(value, 'constructor')
  const type: unknown = own?.value
  if (typeof type !== 'function' || type.prototype !== value) return false
  draft.shell(id, 'prototype', draft.refer(type, { from: trail, step: ` (class ${type.name})` }))
  const facts = sourceFacts(Function.prototype.toString.call(type))?.class
  packPrototypeOf(draft, id, value, facts?.derived ? undefined : Object.prototype, trail)
  const plain = own!.writable && !own!.enumerable && own!.configurable
  const keys = Reflect.ownKeys(value).filter(key => !(plain && key === 'constructor'))
  packProperties(draft, id, value, facts ? additions({ draft, id, holder: value, facts, isStatic: false }, keys, trail) : keys, trail)
  return true
}

/** A class itself, or its prototype. */
interface Side {
  readonly draft: Draft
  readonly id: number
  readonly holder: object
  readonly facts: ClassFacts
  readonly isStatic: boolean
}

/** Those keys whose properties do not come into being with the class. */
function additions({ draft, id, holder, facts, isStatic }: Side, keys: readonly (string | symbol)[], trail: Trail): (string | symbol)[] {
  const members = facts.members.filter(member => member.static === isStatic)
  const isMember = (key: string | symbol, part: MemberShell['part'], fn: unknown): boolean => {
    if (typeof fn !== 'function') return false
    const text = Function.prototype.toString.call(fn)
    const found = members.some(each => each.part === part && each.text === text && (each.key ?? key) === key)
    if (found) {
      const symbol = typeof key === 'symbol' ? draft.refer(key, trail) : -1
      const shell: MemberShell = { holder: id, part, symbol, key: typeof key === 'symbol' ? undefined : key }
      draft.settle(fn, 'member', shell)
    }
    return found
  }
  return keys.filter(key => {
    const { value, get, set } = Object.getOwnPropertyDescriptor(holder, key)!
    if (!get && !set) return !isMember(key, 'value', value)
    const parts = [get && isMember(key, 'get', get), set && isMember(key, 'set', set)]
    return parts.includes(false)
  })
}
