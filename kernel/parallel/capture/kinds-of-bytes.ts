import { isArrayBuffer, isSharedArrayBuffer } from 'node:util/types'
import { kind, named } from './kind.ts'

/** From this many bytes on, a thread gets a buffer that is transferred instead of a part of the parcel's data. */
const large = 65_536

export const arrayBuffer = kind<ArrayBuffer, ArrayBuffer | number>({
  name: 'buffer',
  test: isArrayBuffer,
  prototype: () => ArrayBuffer.prototype,
  shell(value, draft) {
    if (value.detached) return new ArrayBuffer(0)
    if (draft.mode === 'copy' || value.byteLength < large) return value
    const copy = structuredClone(value)
    draft.transfer.push(copy)
    return draft.shared.push(copy) - 1
  },
  rest: Reflect.ownKeys,
  make: (shell, from) => (typeof shell === 'number' ? (from.shared[shell] as ArrayBuffer) : shell),
})

/** Threads share its memory; a process gets a copy, as of every variable. */
export const sharedBuffer = kind<SharedArrayBuffer, number | { bytes: ArrayBuffer; max?: number }>({
  name: 'sharedBuffer',
  test: isSharedArrayBuffer,
  prototype: () => SharedArrayBuffer.prototype,
  shell(value, draft) {
    if (draft.mode === 'share') return draft.shared.push(value) - 1
    const bytes = new Uint8Array(new Uint8Array(value)).buffer
    return value.growable ? { bytes, max: value.maxByteLength } : { bytes }
  },
  rest: Reflect.ownKeys,
  make(shell, from) {
    if (typeof shell === 'number') return from.shared[shell] as SharedArrayBuffer
    const options = shell.max === undefined ? undefined : { maxByteLength: shell.max }
    const made = new SharedArrayBuffer(shell.bytes.byteLength, options)
    new Uint8Array(made).set(new Uint8Array(shell.bytes))
    return made
  },
})

type View = ArrayBufferView & { readonly length?: number }

interface ViewShell {
  readonly type: string
  readonly buffer: number
  readonly offset: number
  readonly length: number
}

/** Typed arrays, DataView and, by its prototype, Buffer. */
export const view = kind<View, ViewShell>({
  name: 'view',
  test: ArrayBuffer.isView,
  prototype: ({ type }) => globalThis[type as 'Uint8Array'].prototype,
  shell(value, draft, _id, trail) {
    const buffer = draft.refer(value.buffer, { from: trail, step: '.buffer' })
    return { type: typeOf(value), buffer, offset: value.byteOffset, length: value.length ?? value.byteLength }
  },
  rest: value => named(value, value.length ?? 0),
  make({ type, buffer, offset, length }, from) {
    const Type = globalThis[type as 'Uint8Array']
    return new Type(from.make(buffer) as ArrayBuffer, offset, length)
  },
})

const typeName = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)!.get!

const typeOf = (value: View): string => (typeName.call(value) as string | undefined) ?? 'DataView'
