/** Bytes of UTF-8 that may be cut anywhere, cut between characters instead. */
export class WholeCharacters {
  #rest: Buffer = Buffer.alloc(0)

  /** What is whole with these bytes; the beginning of a character waits for the next ones. */
  write(bytes: Buffer): Buffer {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const end = all.length - unfinished(all)
    this.#rest = Buffer.from(all.subarray(end))
    return all.subarray(0, end)
  }
}

/** How many bytes at the end are the beginning of a character. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number
    if (byte < 0x80) return 0
    // The first byte of a character says how many it has; the others are of the form 10xxxxxx.
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
  }
  return 0
}
