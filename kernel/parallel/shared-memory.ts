import fs from 'node:fs'
import { uniqueId } from '../random.ts'

const FOLDER = '/dev/shm'
const PROT_READ_WRITE = 3
const MAP_SHARED = 1

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
export async function createSharedFile(bytes: number): Promise<SharedFile | undefined> {
  try {
    const fd = createNameless(bytes)
    try {
      const { memory } = await map(fd, bytes)
      return { memory, path: `/proc/${process.pid}/fd/${fd}`, opened: () => fs.closeSync(fd) }
    } catch (error) {
      fs.closeSync(fd)
      throw error
    }
  } catch {
    return undefined
  }
}

/** Opens what another process made. */
export async function openSharedMemory(path: string, bytes: number): Promise<SharedMemory | undefined> {
  try {
    const fd = fs.openSync(path, 'r+')
    try {
      return await map(fd, bytes)
    } finally {
      fs.closeSync(fd)
    }
  } catch {
    return undefined
  }
}

function createNameless(bytes: number): number {
  const path = `${FOLDER}/paracell-${uniqueId()}`
  const fd = fs.openSync(path, 'wx+', 0o600)
  fs.unlinkSync(path)
  fs.ftruncateSync(fd, bytes)
  return fd
}

/** Node has no function for this. The library is loaded when it is needed first: that takes some milliseconds. */
async function map(fd: number, bytes: number): Promise<SharedMemory> {
  const { default: koffi } = await import('koffi')
  const library = koffi.load(null)
  const mmap = library.func('void* mmap(void*, size_t, int, int, int, int64_t)')
  const munmap = library.func('int munmap(void*, size_t)')
  const address: unknown = mmap(null, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0n)
  if (koffi.address(address) === 2n ** 64n - 1n) throw new Error('The system has no shared memory left.')
  return { memory: koffi.view(address, bytes), release: () => void munmap(address, bytes) }
}
