/**
 * What both threads have of their own and means the same in each: `Map` read from the notebook is the thread's `Map`,
 * so that `reference instanceof Map` and `value.constructor === Date` hold.
 */
const NAMES = [
  'Object', 'Function', 'Array', 'Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'Date', 'RegExp', 'Promise', 'Iterator',
  'Boolean', 'Number', 'String', 'Symbol', 'BigInt', 'ArrayBuffer', 'SharedArrayBuffer', 'DataView',
  'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array',
  'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'Error', 'EvalError', 'RangeError',
  'ReferenceError', 'SyntaxError', 'TypeError', 'URIError', 'AggregateError', 'URL', 'URLSearchParams', 'Buffer',
  'Event', 'EventTarget', 'AbortController', 'AbortSignal', 'TextEncoder', 'TextDecoder', 'Blob',
] as const

const TypedArray: unknown = Object.getPrototypeOf(Int8Array)

/** By number; both threads run the same Node, so the numbers agree. */
export const intrinsics: readonly object[] = [...NAMES.map((name): unknown => Reflect.get(globalThis, name)), TypedArray]
  .flatMap((constructor) => [constructor as object, Reflect.get(constructor as object, 'prototype') as object])

const numbers = new Map<unknown, number>(intrinsics.map((value, number) => [value, number]))

export function intrinsicNumber(value: object): number | undefined {
  return numbers.get(value)
}

const ARRAY_CALLBACKS = [
  'every', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex', 'forEach', 'map', 'reduce', 'reduceRight',
  'some', 'sort', 'toSorted',
]

/** Methods that take a function, by number from 1: given a thread's own function they run in the thread, on a copy. */
export const callbackMethods: readonly CallableFunction[] = [
  ...ARRAY_CALLBACKS.concat('flatMap').map((name) => Reflect.get(Array.prototype, name)),
  ...ARRAY_CALLBACKS.map((name) => Reflect.get(Int8Array.prototype, name)),
  Map.prototype.forEach,
  Set.prototype.forEach,
]

/** The methods of `callbackMethods` that change the collection itself. */
export const sorters: ReadonlySet<unknown> = new Set([Array.prototype.sort, Int8Array.prototype.sort])

const callbackNumbers = new Map<unknown, number>(callbackMethods.map((method, index) => [method, index + 1]))

/** Number of such a method, 0 for every other function. */
export function callbackNumber(method: object): number {
  return callbackNumbers.get(method) ?? 0
}

const STEPS = ['next', 'return', 'throw']

/** `next` and its like of the built-in iterators and generators: their results are plain and travel as a copy. */
export const iteratorSteps: ReadonlySet<unknown> = new Set([
  [].values(), new Map().values(), new Set().values(), ''[Symbol.iterator](), ''.matchAll(/a/g), generator(),
  [].values().map(String), Iterator.from({ next: () => ({ done: true, value: undefined }) }),
].flatMap((iterator: object) => STEPS.map((step): unknown => Reflect.get(iterator, step))).filter(Boolean))

function* generator(): Generator<undefined, undefined> {
  return undefined
}

/** The methods that make an iterator over entries. */
export const pairIterations: ReadonlySet<unknown> = new Set([
  Array.prototype.entries, Int8Array.prototype.entries, Set.prototype.entries, Map.prototype.entries,
])

/** The built-in error classes, by name. */
export const errorClasses: ReadonlyMap<string, { readonly prototype: Error }> = new Map(([
  Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError,
] as const).map((constructor) => [constructor.name, constructor]))
