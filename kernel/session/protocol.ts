/**
 * What the front and a session say to each other. Types only.
 *
 * What the main thread is to do goes straight to it (descriptor 4); its supervisor gets what can't wait for that
 * (descriptor 3). Events come up in one ordered stream with the session's output (descriptor 1), so that nothing can
 * overtake what was printed before it.
 */

/** Who printed or displayed something: the cell, and the worker where it was not the session's main thread. */
export interface Owner {
  /** `msg_id` of the execute_request that runs, or ran, the cell; a name of its own for a run that a control began; `''` before the first cell. */
  readonly cell: string
  /** Name of the thread or process, as its label shows it. */
  readonly worker?: string
  /** What each of its lines starts with, where several workers print at once. */
  readonly label?: string
  /** The Output widget that it is shown in, by its comm. Default: the cell itself. */
  readonly output?: string
}

export type MimeBundle = Readonly<Record<string, unknown>>

export interface CellRequest {
  /** `msg_id` of the execute_request. */
  readonly cell: string
  /** What the front end calls the cell: the same each time that it runs. */
  readonly cellId?: string
  /** The cell's number: `execution_count`. `0` for silent cells. */
  readonly count: number
  readonly code: string
  readonly silent: boolean
  readonly storeHistory: boolean
  readonly userExpressions: Readonly<Record<string, string>>
  readonly allowStdin: boolean
}

export interface CommMessage {
  readonly kind: 'open' | 'msg' | 'close'
  /** The content of the comm_open, comm_msg or comm_close message. */
  readonly content: Readonly<Record<string, unknown>> & { readonly comm_id: string }
  readonly metadata: Readonly<Record<string, unknown>>
  readonly buffers: readonly Uint8Array[]
}

/** A message of a front end on a comm. Its outputs belong to the message that brought it, whose msg_id `parent` is. */
export interface Arrival {
  readonly parent: string
  readonly comm: CommMessage
}

/** front → main thread of the session */
export type Task =
  /** `number`: how many cells this session has got with this one. */
  | { readonly type: 'execute'; readonly request: CellRequest; readonly number: number }
  | { readonly type: 'ask'; readonly id: number; readonly question: Question }
  | { readonly type: 'comms'; readonly arrivals: readonly Arrival[] }

/** front → supervisor of the session */
export type Request =
  /** A cell that must not begin before an interrupt is over: the supervisor passes it on. */
  | Extract<Task, { type: 'execute' }>
  /** The main thread has got a cell and has not ended it yet. */
  | { readonly type: 'runs'; readonly cell: string; readonly number: number }
  /** The main thread has got messages of these comms, in one list. */
  | { readonly type: 'comms'; readonly ids: readonly string[] }
  /** Stops this cell, if it still runs; without one, only what controls have begun. */
  | { readonly type: 'interrupt'; readonly cell?: string }
  | { readonly type: 'input'; readonly id: number; readonly value: string }

/** Offsets are in UTF-16 code units of `code`; the front converts from Jupyter's code points. */
export type Question =
  | { readonly type: 'complete'; readonly code: string; readonly offset: number }
  /** `isAlone`: TypeScript isn't there yet, so the session says what it can of types. */
  | { readonly type: 'inspect'; readonly code: string; readonly offset: number; readonly detail: 0 | 1; readonly isAlone?: boolean }
  | { readonly type: 'isComplete'; readonly code: string }
  /** Which of these names mean something, whether they have a value or not yet. */
  | { readonly type: 'known'; readonly names: readonly string[] }

export interface Completion {
  readonly matches: readonly string[]
  /** Range of `code` that a match replaces, in UTF-16 code units. */
  readonly start: number
  readonly end: number
  readonly metadata: Readonly<Record<string, unknown>>
}

export interface Inspection {
  readonly found: boolean
  readonly data: MimeBundle
  readonly metadata: Readonly<Record<string, unknown>>
}

/** What the session says of a name by itself. */
export interface LiveInspection extends Inspection {
  /** The value as text, where that says more than its type. */
  readonly value?: string
  /** How much of the type the cells, or declaration files, say in so many words: what TypeScript would say, or a part of it. */
  readonly types?: 'all' | 'some'
}

export interface Completeness {
  readonly status: 'complete' | 'incomplete' | 'invalid' | 'unknown'
  /** Only for `incomplete`: the white space to start the next line with. */
  readonly indent?: string
}

export interface AnswerOf {
  readonly complete: Completion
  readonly inspect: LiveInspection
  readonly isComplete: Completeness
  readonly known: readonly string[]
}

export interface CellError {
  readonly ename: string
  readonly evalue: string
  /** Lines, with ANSI colours. */
  readonly traceback: readonly string[]
}

export type CellResult =
  | { readonly status: 'ok'; readonly userExpressions: Readonly<Record<string, unknown>>; readonly payload: readonly unknown[] }
  | { readonly status: 'error'; readonly error: CellError }

/** Cells of a session of the history: `0` is this one, `-1` the one before it, and so on; else its number. */
export interface HistoryRange {
  readonly session: number
  readonly start: number
  /** Exclusive; up to the last cell if absent. */
  readonly stop: number | undefined
}

/** What a cell wants to see of the history. */
export interface HistoryWish {
  /** None: all of this session, where nothing else is asked for. */
  readonly ranges: readonly HistoryRange[]
  /** The most recent so many, over sessions. */
  readonly last: number | undefined
  /** What fits this pattern, over sessions: `*` stands for any characters, `?` for one. */
  readonly pattern: string | undefined
  readonly unique: boolean
  readonly output: boolean
  readonly numbers: boolean
}

/** session → front, in the order in which things happened */
export type SessionEvent =
  | { readonly type: 'stream'; readonly owner: Owner; readonly name: 'stdout' | 'stderr'; readonly text: string }
  | { readonly type: 'display'; readonly owner: Owner; readonly data: MimeBundle; readonly metadata: Readonly<Record<string, unknown>>; readonly displayId?: string; readonly update: boolean }
  | { readonly type: 'result'; readonly owner: Owner; readonly data: MimeBundle; readonly metadata: Readonly<Record<string, unknown>> }
  /** Shown in the cell: either the running cell's own failure or one that came later. */
  | { readonly type: 'error'; readonly owner: Owner; readonly error: CellError }
  | { readonly type: 'clear'; readonly owner: Owner; readonly wait: boolean }
  | { readonly type: 'input'; readonly owner: Owner; readonly id: number; readonly prompt: string; readonly password: boolean }
  | { readonly type: 'comm'; readonly owner: Owner; readonly comm: CommMessage }
  /** The front keeps what Output widgets show: it answers, as to an input, with that of this one, as JSON. */
  | { readonly type: 'outputs'; readonly owner: Owner; readonly id: number; readonly widget: string }
  /** The front keeps the history: it prints what is wished here. */
  | { readonly type: 'history'; readonly owner: Owner; readonly wish: HistoryWish }
  /** The Output widget of this owner shows what this owner shows, and nothing else, until another run begins in it. */
  | { readonly type: 'run'; readonly owner: Owner; readonly state: 'begun' | 'ended' }
  /** The end of a cell: everything that it printed before came earlier in the stream. */
  | { readonly type: 'done'; readonly cell: string; readonly result: CellResult }
  /** A comm message of the front end was handled: its busy time is over. */
  | { readonly type: 'handled'; readonly parent: string }
  | { readonly type: 'answer'; readonly id: number; readonly answer: AnswerOf[keyof AnswerOf] }
  /** The session takes requests. The host keeps this for itself. */
  | { readonly type: 'ready' }
  /** A worker has ended: all that it printed came before. */
  | { readonly type: 'ended'; readonly owner: Owner }
  /** The session is about to end itself, for this reason. */
  | { readonly type: 'lost'; readonly reason: string }
  /** The session's process ended and a new one took its place; all variables are gone. */
  | { readonly type: 'restarted'; readonly reason: string }
