import fs from 'node:fs'
import { loadKoffi } from './koffi.ts'

const PROT_READ_WRITE = 3
const MAP_SHARED = 1
const CLOSE_ON_EXEC = 1

/** Memory that two processes have in common. */
export interface SharedMemory {
  readonly memory: ArrayBuffer
  /** Nobody may touch the memory after this. */
  release(): void
}

export interface SharedFile {
  readonly memory: ArrayBuffer
  /** Where another process finds the memory, until `opened` is called. */
  readonly path: string
  /** The other process has it now, or never will. */
  opened(): void
}

/**
 * Makes memory for another process. It has no name in any folder, so that nothing is left however the two end.
 * Undefined where the system has no such thing.
 */
export function createSharedFile(bytes: number): SharedFile | undefined {
  try {
    const { memfd } = system()
    const fd = memfd('paracell', CLOSE_ON_EXEC)
    try {
      fs.ftruncateSync(fd, bytes)
      const { memory } = map(fd, bytes)
      return { memory, path: `/proc/${process.pid}/fd/${fd}`, opened: () => fs.closeSync(fd) }
    } catch (error) {
      fs.closeSync(fd)
      throw error
    }
  } catch {
    return undefined
  }
}

/** Does ahead what the first use would take time for. */
export function prepareSharedMemory(): void {
  try {
    system()
  } catch {
    // Whoever needs it does without.
  }
}

/** Opens what another process made. */
export function openSharedMemory(path: string, bytes: number): SharedMemory | undefined {
  try {
    const fd = fs.openSync(path, 'r+')
    try {
      return map(fd, bytes)
    } finally {
      fs.closeSync(fd)
    }
  } catch {
    return undefined
  }
}

interface Calls {
  memfd(name: string, flags: number): number
  mmap(address: null, bytes: number, protection: number, flags: number, fd: number, offset: bigint): unknown
  munmap(address: unknown, bytes: number): number
  address(pointer: unknown): bigint
  view(pointer: unknown, bytes: number): ArrayBuffer
}

let calls: Calls | undefined

/** Node has no functions for this. */
function system(): Calls {
  return (calls ??= load())
}

function load(): Calls {
  const { address, load: open, view } = loadKoffi()
  const library = open(null)
  return {
    memfd: library.func('int memfd_create(const char*, unsigned int)') as Calls['memfd'],
    mmap: library.func('void* mmap(void*, size_t, int, int, int, int64_t)') as Calls['mmap'],
    munmap: library.func('int munmap(void*, size_t)') as Calls['munmap'],
    address,
    view
  }
}

function map(fd: number, bytes: number): SharedMemory {
  const { address, mmap, munmap, view } = system()
  const pointer = mmap(null, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0n)
  if (address(pointer) === 2n ** 64n - 1n) throw new Error('The system has no shared memory left.')
  return { memory: view(pointer, bytes), release: () => void munmap(pointer, bytes) }
}
