import fs from 'node:fs'

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
export async function createSharedFile(bytes: number): Promise<SharedFile | undefined> {
  try {
    const { memfd } = await system()
    const fd = memfd('paracell', CLOSE_ON_EXEC)
    try {
      fs.ftruncateSync(fd, bytes)
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

interface Calls {
  memfd(name: string, flags: number): number
  mmap(address: null, bytes: number, protection: number, flags: number, fd: number, offset: bigint): unknown
  munmap(address: unknown, bytes: number): number
  address(pointer: unknown): bigint
  view(pointer: unknown, bytes: number): ArrayBuffer
}

let calls: Promise<Calls> | undefined

/** Node has no functions for this. The library is loaded when it is needed first: that takes some milliseconds. */
function system(): Promise<Calls> {
  return (calls ??= import('koffi').then(({ default: koffi }) => {
    const library = koffi.load(null)
    return {
      memfd: library.func('int memfd_create(const char*, unsigned int)') as Calls['memfd'],
      mmap: library.func('void* mmap(void*, size_t, int, int, int, int64_t)') as Calls['mmap'],
      munmap: library.func('int munmap(void*, size_t)') as Calls['munmap'],
      address: pointer => koffi.address(pointer),
      view: (pointer, bytes) => koffi.view(pointer, bytes)
    }
  }))
}

async function map(fd: number, bytes: number): Promise<SharedMemory> {
  const { address, mmap, munmap, view } = await system()
  const pointer = mmap(null, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0n)
  if (address(pointer) === 2n ** 64n - 1n) throw new Error('The system has no shared memory left.')
  return { memory: view(pointer, bytes), release: () => void munmap(pointer, bytes) }
}
