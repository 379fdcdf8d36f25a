import type { Ask, Ending } from '../protocol.ts'
import type { Client } from './hub.ts'
import type { Waiter } from './waiters.ts'

export type Start = Extract<Ask, { type: 'start' }>

interface Appointment {
  readonly timer: NodeJS.Timeout
  readonly start: Start
  readonly asking: Waiter<unknown>
}

/** How a worker ends that never started. */
const ending: Ending = { exitCode: 0, outcome: { status: 'returned', value: { plain: undefined } } }

/** Workers that are to start later. */
export class Schedule {
  readonly #appointments = new Map<string, Appointment>()

  get size(): number {
    return this.#appointments.size
  }

  add(start: Start, asking: Waiter<unknown>, begin: () => void): void {
    const timer = setTimeout(() => {
      this.#appointments.delete(start.worker)
      begin()
    }, start.after)
    this.#appointments.set(start.worker, { timer, start, asking })
  }

  starts(): Iterable<Start> {
    return [...this.#appointments.values()].map(({ start }) => start)
  }

  /** Whether it was not too late. */
  cancel(worker: string): boolean {
    const appointment = this.#appointments.get(worker)
    if (!appointment) return false
    this.#appointments.delete(worker)
    clearTimeout(appointment.timer)
    appointment.asking.resolve(undefined)
    appointment.asking.member.client.post({ type: 'ended', worker, ending })
    return true
  }

  interrupt(cell: string): void {
    this.#cancelAll(({ start }) => start.spec.owner.cell === cell)
  }

  /** Cancels what a realm has asked for that has gone. */
  orphan(client: Client): void {
    this.#cancelAll(({ asking }) => asking.member.client === client)
  }

  #cancelAll(which: (appointment: Appointment) => boolean): void {
    for (const [worker, appointment] of this.#appointments) if (which(appointment)) this.cancel(worker)
  }
}
