import { EventEmitter, on } from 'node:events'
import { stripVTControlCharacters } from 'node:util'
import { openSession } from '../../../kernel/session/host.ts'
import type { SessionEvent } from '../../../kernel/session/protocol.ts'

/** What a cell showed. */
export interface Shown {
  /** Its value, as text. */
  readonly value: string | undefined
  readonly stdout: string
  readonly stderr: string
  /** Its error's traceback, without colours. */
  readonly error: string | undefined
  readonly displays: readonly Extract<SessionEvent, { type: 'display' }>[]
}

/** Cells over a real session, without Jupyter around it. */
export interface Notebook extends AsyncDisposable {
  run(code: string): Promise<Shown>
  /** Runs a cell that must succeed, and returns its value. */
  value(code: string): Promise<string | undefined>
  interrupt(): Promise<void>
  /** Resolves when a cell has printed this. */
  printed(text: string): Promise<void>
}

/** @example await using notebook = openNotebook() */
export function openNotebook(): Notebook {
  const session = openSession()
  const events: SessionEvent[] = []
  const news = new EventEmitter()
  void (async () => {
    for await (const event of session.events) {
      events.push(event)
      news.emit('event', event)
    }
  })()
  let count = 0
  const run = async (code: string): Promise<Shown> => {
    const cell = `cell ${++count}`
    await session.execute({ cell, count, code, silent: false, storeHistory: true, userExpressions: {}, allowStdin: false })
    return shown(events.filter(event => 'owner' in event && event.owner.cell === cell))
  }
  return {
    run,
    async value(code) {
      const { value, error } = await run(code)
      if (error) throw new Error(`The cell failed:\n${code}\n${error}`)
      return value
    },
    interrupt: () => session.interrupt(),
    async printed(text) {
      if (events.some(event => says(event, text))) return
      for await (const [event] of on(news, 'event')) if (says(event as SessionEvent, text)) return
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]()
  }
}

function says(event: SessionEvent, text: string): boolean {
  return event.type === 'stream' && event.text.includes(text)
}

function shown(events: readonly SessionEvent[]): Shown {
  const of = <T extends SessionEvent['type']>(type: T) => events.filter(event => event.type === type) as Extract<SessionEvent, { type: T }>[]
  const printed = (name: string) => of('stream').filter(event => event.name === name).map(({ text }) => text).join('')
  const error = of('error')[0]?.error
  return {
    value: of('result')[0]?.data['text/plain'] as string | undefined,
    stdout: printed('stdout'),
    stderr: printed('stderr'),
    error: error && stripVTControlCharacters(error.traceback.join('\n')),
    displays: of('display')
  }
}
