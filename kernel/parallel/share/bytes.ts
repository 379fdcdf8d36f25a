/** Growing bytes to write values to, kept and reused: most requests are a few dozen bytes. */
export class Writer {
  #bytes = Buffer.alloc(256)
  #view = viewOf(this.#bytes)
  #length = 0
  /** Buffers that travel beside the bytes, since they are shared or copied as a whole. */
  readonly cargo: object[] = []

  get length(): number {
    return this.#length
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  reset(): void {
    this.#length = 0
    this.cargo.length = 0
    if (this.#bytes.length > KEPT_BYTES) this.#use(Buffer.alloc(256))
  }

  byte(value: number): void {
    const at = this.#take(1)
    this.#bytes[at] = value
  }

  word(value: number): void {
    const at = this.#take(4)
    this.#view.setUint32(at, value, true)
  }

  double(value: number): void {
    const at = this.#take(8)
    this.#view.setFloat64(at, value, true)
  }

  /** UTF-16 code units exactly as they are, lone surrogates included; one byte each where that is enough. */
  string(value: string): void {
    const wide = !LATIN1.test(value)
    this.word(value.length * 2 + Number(wide))
    const at = this.#take(wide ? value.length * 2 : value.length)
    if (value.length > SHORT || wide) this.#bytes.write(value, at, wide ? 'utf16le' : 'latin1')
    else for (let index = 0; index < value.length; index++) this.#bytes[at + index] = value.charCodeAt(index)
  }

  #take(count: number): number {
    const at = this.#length
    if (at + count > this.#bytes.length) this.#grow(at + count)
    this.#length = at + count
    return at
  }

  #grow(needed: number): void {
    const bigger = Buffer.alloc(Math.max(needed, this.#bytes.length * 2))
    bigger.set(this.bytes)
    this.#use(bigger)
  }

  #use(bytes: Buffer<ArrayBuffer>): void {
    this.#bytes = bytes
    this.#view = viewOf(bytes)
  }
}

const KEPT_BYTES = 64 * 1024
const SHORT = 24
const LATIN1 = /^[\x00-\xff]*$/

/** Reads what a `Writer` wrote, in the same order. */
export class Reader {
  readonly #bytes: Buffer
  readonly #view: DataView
  #at = 0
  #cargo: readonly object[] = []

  constructor(bytes: Uint8Array, cargo: readonly object[] = []) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#view = viewOf(bytes)
    this.#cargo = cargo
  }

  rewind(): this {
    this.#at = 0
    return this
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? 0
  }

  word(): number {
    this.#at += 4
    return this.#view.getUint32(this.#at - 4, true)
  }

  double(): number {
    this.#at += 8
    return this.#view.getFloat64(this.#at - 8, true)
  }

  string(): string {
    const header = this.word()
    const length = header >>> 1
    const wide = header % 2 === 1
    const start = this.#at
    this.#at += wide ? length * 2 : length
    return this.#bytes.toString(wide ? 'utf16le' : 'latin1', start, this.#at)
  }

  cargo(index: number): object {
    const found = this.#cargo[index]
    if (found === undefined) throw new RangeError(`No buffer ${index} came with these values`)
    return found
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
