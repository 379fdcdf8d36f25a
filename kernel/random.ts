import fs from 'node:fs'

/**
 * Random bytes from the system, without a pool that a forked process would share. Node's own module for this takes
 * several milliseconds to load, which every start would pay for: it is only used where the system has no such file.
 */
export function randomBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  try {
    const file = fs.openSync('/dev/urandom', 'r')
    fs.readSync(file, bytes)
    fs.closeSync(file)
    return bytes
  } catch {
    return process.getBuiltinModule('node:crypto').randomFillSync(bytes)
  }
}

const ID_LENGTH = 16
const IDS_AT_ONCE = 64

/** Bytes for names to come, of the process that has read them: one that was forked reads its own. */
let stock = { pid: 0, bytes: randomBytes(0) }

/** A name that nothing else has, in this process or any other. */
export function uniqueId(): string {
  const { pid } = process
  if (stock.pid !== pid || stock.bytes.length === 0) stock = { pid, bytes: randomBytes(ID_LENGTH * IDS_AT_ONCE) }
  const id = stock.bytes.toString('hex', 0, ID_LENGTH)
  stock.bytes = stock.bytes.subarray(ID_LENGTH)
  return id
}
