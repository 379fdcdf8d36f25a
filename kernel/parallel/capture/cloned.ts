import { isCryptoKey, isKeyObject, isSharedArrayBuffer } from 'node:util/types'

/** Compiled WebAssembly, its shared memory, blobs and keys: threads of one process can have the same bytes behind them. */
export function isCloned(value: object | symbol): boolean {
  return typeof value === 'object' && tests.some(test => test(value))
}

/** Its types are those of browsers, which are not for this project. */
declare const WebAssembly: { readonly Module: new () => object; readonly Memory: new () => { readonly buffer: object } }

const tests: readonly ((value: object) => boolean)[] = [
  value => value instanceof WebAssembly.Module,
  value => value instanceof WebAssembly.Memory && isSharedArrayBuffer(value.buffer),
  value => value instanceof Blob,
  isKeyObject,
  isCryptoKey
]
