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

/** A name that nothing else has, in this process or any other. */
export function uniqueId(): string {
  return randomBytes(16).toString('hex')
}
