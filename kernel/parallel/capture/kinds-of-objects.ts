import { isBoxedPrimitive } from 'node:util/types'
import { isLinked } from './draft.ts'
import { kind, named } from './kind.ts'

/** Objects without a nature of their own: literals and instances of classes. */
export const plain = kind<object, Record<string, unknown> | undefined>({
  name: 'plain',
  test: () => true,
  prototype: () => Object.prototype,
  shell(value, draft, id, trail) {
    if (!isSimple(value)) return undefined
    const shell: Record<string, unknown> = {}
    for (const key of Object.keys(value)) {
      const part = (value as Record<string, unknown>)[key]
      if (isLinked(part) || key === '__proto__') draft.put(id, shell, key, part, { from: trail, key, holder: value })
      else shell[key] = part
    }
    return shell
  },
  rest: (value, shell) => (shell ? [] : Reflect.ownKeys(value)),
  make: shell => shell ?? {},
})

/** Whether all own properties are named by strings and as an assignment makes them, or freezing after it. */
function isSimple(value: object): boolean {
  const extensible = Object.isExtensible(value)
  const writable = extensible || !Object.isFrozen(value)
  const configurable = extensible || !Object.isSealed(value)
  for (const key of Reflect.ownKeys(value)) {
    const own = typeof key === 'string' ? Object.getOwnPropertyDescriptor(value, key) : undefined
    if (!own?.enumerable || own.writable !== writable || own.configurable !== configurable) return false
  }
  return true
}

/** `new Number(1)`, `Object(Symbol())` */
export const boxed = kind<object, { primitive?: unknown; symbol?: number }>({
  name: 'boxed',
  test: isBoxedPrimitive,
  prototype: ({ primitive }) => Object.getPrototypeOf(Object(primitive ?? Symbol())) as object,
  shell(value, draft, _id, trail) {
    const primitive: unknown = value.valueOf()
    return typeof primitive === 'symbol' ? { symbol: draft.refer(primitive, trail) } : { primitive }
  },
  rest: value => named(value, 0).filter(key => !(value instanceof String && key === 'length')),
  make: ({ primitive, symbol }, from) => Object(symbol === undefined ? primitive : from.make(symbol)) as object,
})
