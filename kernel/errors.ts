/** Something the user gave is wrong: one sentence that names it and says what to do. Shown without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Thrown into a cell that was interrupted, wherever it waits, and shown as its error. */
export class Interrupted extends Error {
  override readonly name = 'KeyboardInterrupt'

  constructor(message = 'The cell was interrupted.') {
    super(message)
  }
}

/** The process that holds the variables ended by itself; `reason` says how. */
export class SessionDied extends Error {
  override readonly name = 'SessionDied'
  readonly reason: string

  constructor(reason: string, options?: ErrorOptions) {
    super(`The session ended: ${reason}. Its variables are gone; the next cell starts in a new session.`, options)
    this.reason = reason
  }
}
