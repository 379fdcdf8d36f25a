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

export interface SharedFile extends SharedMemory {
  readonly path: string
}

/** Makes memory for another process to open by its path. Undefined where the system has no such thing. */
export async function createSharedFile(bytes: number): Promise<SharedFile | undefined> {
  const path = `${FOLDER}/paracell-${uniqueId()}`
  try {
    const fd = fs.openSync(path, 'wx+', 0o600)
    fs.ftruncateSync(fd, bytes)
    return { path, ...(await map(fd, bytes)) }
  } catch {
    fs.rmSync(path, { force: true })
    return undefined
  }
}

/** Opens what another process made, so that it is gone with the last of the two. */
export async function openSharedMemory(path: string, bytes: number): Promise<SharedMemory | undefined> {
  try {
    const fd = fs.openSync(path, 'r+')
    fs.unlinkSync(path)
    return await map(fd, bytes)
  } catch {
    return undefined
  }
}

/** Node has no function for this. The library is loaded when it is needed first: that takes some milliseconds. */
async function map(fd: number, bytes: number): Promise<SharedMemory> {
  try {
    const { default: koffi } = await import('koffi')
    const library = koffi.load(null)
    const mmap = library.func('void* mmap(void*, size_t, int, int, int, int64_t)')
    const munmap = library.func('int munmap(void*, size_t)')
    const address: unknown = mmap(null, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0n)
    if (koffi.address(address) === 2n ** 64n - 1n) throw new Error('The system has no shared memory left.')
    return { memory: koffi.view(address, bytes), release: () => void munmap(address, bytes) }
  } finally {
    fs.closeSync(fd)
  }
}
