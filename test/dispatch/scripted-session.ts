import { SessionDied } from '../../kernel/errors.ts'
import type {
  AnswerOf, CellError, CellRequest, CellResult, CommMessage, Owner, Question, SessionEvent
} from '../../kernel/session/protocol.ts'
import type { Session } from '../../kernel/session/session.ts'

interface Run {
  readonly request: CellRequest
  readonly owner: Owner
  readonly interrupted: Promise<never>
}

type Command = (session: ScriptedSession, argument: string, run: Run) => Promise<void> | void

/** Thrown by a cell that fails. */
class CellFailure extends Error {
  override readonly name = 'CellFailure'
}

/** What a cell of a scripted session may say: a command and its argument on each line. */
const COMMANDS: Readonly<Record<string, Command>> = {
  print: (session, text, { owner }) => session.emit({ type: 'stream', owner, name: 'stdout', text: `${text}\n` }),
  warn: (session, text, { owner }) => session.emit({ type: 'stream', owner, name: 'stderr', text: `${text}\n` }),
  // <worker> <text without its end of line>
  worker: (session, argument, { owner }) => {
    const [worker = '', text = ''] = argument.split(' ')
    session.emit({ type: 'stream', owner: { ...owner, worker }, name: 'stdout', text })
  },
  // Prints into the cell with this msg_id
  printInto: (session, cell) => session.emit({ type: 'stream', owner: { cell }, name: 'stdout', text: 'late\n' }),
  // <number of lines> of 100 characters
  flood: (session, lines, { owner }) => session.flood(owner, Number(lines)),
  display: (session, id, { owner }) => {
    const data = { 'text/plain': 'shown' }
    session.emit({ type: 'display', owner, data, metadata: {}, update: false, ...(id && { displayId: id }) })
  },
  update: (session, displayId, { owner }) =>
    session.emit({ type: 'display', owner, data: { 'text/plain': 'updated' }, metadata: {}, update: true, displayId }),
  clear: (session, wait, { owner }) => session.emit({ type: 'clear', owner, wait: wait === 'wait' }),
  result: (session, text, { owner }) =>
    session.emit({ type: 'result', owner, data: { 'text/plain': text }, metadata: {} }),
  fail: (_, message) => { throw new CellFailure(message) },
  ask: async (session, prompt, { owner }) => {
    const answer = await session.askUser(owner, prompt, false)
    session.emit({ type: 'stream', owner, name: 'stdout', text: `answered ${answer}\n` })
  },
  password: async (session, prompt, { owner }) => {
    const answer = await session.askUser(owner, prompt, true)
    session.emit({ type: 'stream', owner, name: 'stdout', text: `answered ${answer}\n` })
  },
  allowsStdin: (session, _, { owner, request }) =>
    session.emit({ type: 'stream', owner, name: 'stdout', text: String(request.allowStdin) }),
  wait: async (_session, _argument, { interrupted }) => interrupted,
  comm: (session, id, { owner }) => session.emit({
    type: 'comm', owner, comm: {
      kind: 'open',
      content: { comm_id: id, target_name: 'test', data: { value: 1 } },
      metadata: { version: '2.1.0' },
      buffers: [Buffer.from([1, 2, 3])]
    }
  }),
  restart: (session, reason) => session.emit({ type: 'restarted', reason })
}

/** A session without a process, whose cells are scripts of a few commands; for tests of what is in front of it. */
export class ScriptedSession implements Session {
  readonly events: AsyncIterable<SessionEvent>
  /** Comm messages that came, in order. */
  readonly comms: CommMessage[] = []
  /** Code of the cells that ran, in order. */
  readonly executed: string[] = []
  /** Questions that were asked, in order. */
  readonly questions: Question[] = []
  readonly #queue: SessionEvent[] = []
  readonly #afterRead = new Map<SessionEvent, () => void>()
  readonly #inputs = new Map<number, (value: string) => void>()
  readonly #ended = Promise.withResolvers<never>()
  #wake = Promise.withResolvers<void>()
  #isEnded = false
  #interrupt: ((error: Error) => void) | undefined
  #nextInput = 1

  constructor() {
    this.events = this.#read()
    this.#ended.promise.catch(() => undefined)
  }

  emit(event: SessionEvent): void {
    this.#queue.push(event)
    this.#wake.resolve()
  }

  async execute(request: CellRequest): Promise<CellResult> {
    this.executed.push(request.code)
    const { promise: interrupted, reject } = Promise.withResolvers<never>()
    interrupted.catch(() => undefined)
    this.#interrupt = reject
    const owner = { cell: request.cell }
    const result = await this.#run({ request, owner, interrupted })
    if (result.status === 'error') this.emit({ type: 'error', owner, error: result.error })
    await this.#emitAndWait({ type: 'done', cell: request.cell, result })
    return result
  }

  async ask<Q extends Question>(question: Q): Promise<AnswerOf[Q['type']]> {
    this.questions.push(question)
    return ANSWERS[question.type](question as never) as AnswerOf[Q['type']]
  }

  async interrupt(): Promise<void> {
    this.#interrupt?.(new CellFailure('interrupted'))
  }

  input(id: number, value: string): void {
    this.#inputs.get(id)?.(value)
  }

  async comm(parent: string, comm: CommMessage): Promise<void> {
    this.comms.push(comm)
    this.emit({ type: 'stream', owner: { cell: parent }, name: 'stdout', text: `comm ${comm.kind}\n` })
    await this.#emitAndWait({ type: 'handled', parent })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true
    this.#ended.reject(new SessionDied('it was disposed of'))
    this.#wake.resolve()
  }

  /** Asks the user as a cell does. */
  async askUser(owner: Owner, prompt: string, password: boolean): Promise<string> {
    const id = this.#nextInput++
    const { promise, resolve } = Promise.withResolvers<string>()
    this.#inputs.set(id, resolve)
    this.emit({ type: 'input', owner, id, prompt, password })
    return promise
  }

  /** Prints lines as fast as they are read. */
  async flood(owner: Owner, lines: number): Promise<void> {
    for (let line = 0; line < lines; line++) {
      const event: SessionEvent = { type: 'stream', owner, name: 'stdout', text: `${String(line).padEnd(99, '.')}\n` }
      if (line % 1000 === 999) await this.#emitAndWait(event)
      else this.emit(event)
    }
  }

  async #run(run: Run): Promise<CellResult> {
    try {
      for (const line of run.request.code.split('\n')) {
        await Promise.race([this.#obey(line, run), run.interrupted, this.#ended.promise])
      }
      return { status: 'ok', userExpressions: run.request.userExpressions, payload: [] }
    } catch (error) {
      return { status: 'error', error: describe(error) }
    }
  }

  async #obey(line: string, run: Run): Promise<void> {
    const [name = ''] = line.split(' ', 1)
    const command = COMMANDS[name]
    if (!command) throw new CellFailure(`unknown command ${name}`)
    await command(this, line.slice(name.length + 1), run)
  }

  async #emitAndWait(event: SessionEvent): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#afterRead.set(event, resolve)
    this.emit(event)
    await promise
  }

  async *#read(): AsyncGenerator<SessionEvent> {
    for (;;) {
      for (let event = this.#queue.shift(); event; event = this.#queue.shift()) {
        yield event
        this.#afterRead.get(event)?.()
        this.#afterRead.delete(event)
      }
      if (this.#isEnded) return
      this.#wake = Promise.withResolvers()
      await this.#wake.promise
    }
  }
}

const ANSWERS: { readonly [T in Question['type']]: (question: Extract<Question, { type: T }>) => AnswerOf[T] } = {
  complete: ({ code, offset }) => {
    if (code === 'die') throw new SessionDied('killed by SIGKILL')
    return { matches: ['console'], start: Math.max(0, offset - 3), end: offset, metadata: {} }
  },
  inspect: ({ code, detail }) => ({ found: code !== '', data: { 'text/plain': `detail ${detail}` }, metadata: {} }),
  isComplete: ({ code }) => code.endsWith('{') ? { status: 'incomplete', indent: '  ' } : { status: 'complete' },
  known: ({ names }) => names,
}

function describe(error: unknown): CellError {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  return { ename: name, evalue: message, traceback: [`${name}: ${message}`] }
}
