/** What a cell may import from `paracell`. */
export { clearOutput, display, html, latex, markdown, mime, svg } from './display/display.ts'
export { QueueClosed, QueueEmpty, QueueFull, TimedOut, WorkerError } from './parallel/client/errors.ts'
export { Lock } from './parallel/lock.ts'
export { currentProcess, Process } from './parallel/process.ts'
export { Queue } from './parallel/queue.ts'
export { sleep } from './parallel/sleep.ts'
export { call } from './parallel/call.ts'
export { currentThread, Thread } from './parallel/thread.ts'
