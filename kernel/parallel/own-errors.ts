import { Interrupted, UsageError } from '../errors.ts'
import { registerClass } from './capture/builtins.ts'
import { CannotTravelError } from './capture/cannot-travel.ts'
import { BrokenBarrierError, ConnectionClosed, QueueClosed, QueueEmpty, QueueFull, TimedOut, WorkerError } from './client/errors.ts'
import { TaskError } from './pool/task-error.ts'
import { ProgramFailed } from './programs/program-failed.ts'

// What is thrown in one realm is an instance of the same class in another one, whether or not that imported it.
const queues = [QueueClosed, QueueEmpty, QueueFull]
for (const type of [UsageError, Interrupted, CannotTravelError, ...queues, TimedOut, BrokenBarrierError, ConnectionClosed, ProgramFailed, WorkerError, TaskError]) {
  registerClass(type)
}
