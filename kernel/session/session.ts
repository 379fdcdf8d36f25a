import type { AnswerOf, CellRequest, CellResult, CommMessage, Question, SessionEvent } from './protocol.ts'

/** What the dispatcher sees of the process that holds the variables, whichever process that is at the moment. */
export interface Session extends AsyncDisposable {
  /** Outputs in order. One reader; nobody may lose or reorder them. Whoever reads slowly slows the session, not its memory. */
  readonly events: AsyncIterable<SessionEvent>
  /**
   * Runs a cell. Resolves when its `done` event has been *read from `events`* by the reader's loop having come back for
   * more, so what the cell printed is out before its reply. Never rejects for what user code does: a session that dies
   * resolves to an error that says how it died.
   */
  execute(request: CellRequest): Promise<CellResult>
  /** Completion, inspection and the like. Rejects with SessionDied when the session ended before it answered. */
  ask<Q extends Question>(question: Q): Promise<AnswerOf[Q['type']]>
  /** Stops what runs and keeps the variables; resolves when the request was taken, not when the cell has ended. */
  interrupt(): Promise<void>
  /** Answers an `input` event. */
  input(id: number, value: string): void
  /** Resolves when the session has handled the message. */
  comm(parent: string, comm: CommMessage): Promise<void>
  /** Ends the process, all its workers included. Safe to call twice. */
  [Symbol.asyncDispose](): Promise<void>
}
