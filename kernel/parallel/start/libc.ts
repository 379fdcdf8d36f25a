import { loadKoffi } from '../koffi.ts'

const koffi = loadKoffi()

export const SIGCONT = 18
export const SIGKILL = 9
export const EINVAL = koffi.os.errno['EINVAL'] as number
export const AF_UNIX = 1
export const SOCK_STREAM = 1
export const SOCK_CLOEXEC = 0o2000000
export const MADV_DOFORK = 11
export const WNOHANG = 1

const PR_SET_PDEATHSIG = 1
const PR_SET_CHILD_SUBREAPER = 36
const F_SETFD = 2
const FD_CLOEXEC = 1
const SIG_SETMASK = 2
const SIZE_OF_SIGNAL_SET = 128
const library = koffi.load(null)
const prctl = library.func('int prctl(int, uint64_t, uint64_t, uint64_t, uint64_t)')
const fcntl = library.func('int fcntl(int, int, ...)')
const sigmask = library.func('int pthread_sigmask(int, void*, void*)')

/** The system calls that Node has no function for. Each returns -1 for an error and leaves its number in `errno()`. */
export const libc = {
  fork: library.func('int fork()') as () => number,
  madvise: library.func('int madvise(uint64_t, uint64_t, int)') as (start: bigint, length: bigint, advice: number) => number,
  socket: library.func('int socket(int, int, int)') as (domain: number, type: number, protocol: number) => number,
  connect: library.func('int connect(int, void*, uint32_t)') as (fd: number, address: Buffer, length: number) => number,
  dup2: library.func('int dup2(int, int)') as (from: number, to: number) => number,
  waitpid: library.func('int waitpid(int, _Out_ int*, int)') as (pid: number, status: number[], options: number) => number,
  getpid: library.func('int getpid()') as () => number,
  getppid: library.func('int getppid()') as () => number,
  fflush: library.func('int fflush(void*)') as (stream: null) => number,
  exit: library.func('void _exit(int)') as unknown as (code: number) => never,
  loopFork: library.func('int uv_loop_fork(void*)') as (loop: unknown) => number,
  errno: (): number => koffi.errno(),
}

/** Lets all signals through, as a program expects that starts. */
export function unblockSignals(): void {
  sigmask(SIG_SETMASK, Buffer.alloc(SIZE_OF_SIGNAL_SET), null)
}

/** Keeps a descriptor from the programs that this process runs. */
export function closeOnExec(fd: number): void {
  fcntl(fd, F_SETFD, 'int', FD_CLOEXEC)
}

/** Has the system send this process a signal when the thread that started it ends. */
export function signalAtParentsDeath(signal: number): void {
  prctl(PR_SET_PDEATHSIG, BigInt(signal), 0n, 0n, 0n)
}

/** Makes this process the parent of all below it that lose theirs. What it forks doesn't inherit that. */
export function adoptOrphans(): void {
  prctl(PR_SET_CHILD_SUBREAPER, 1n, 0n, 0n, 0n)
}

/** The event loop of the process's main thread. */
export const loop: unknown = library.func('void* uv_default_loop()')()
