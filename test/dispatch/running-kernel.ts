import { EventEmitter, once } from 'node:events'
import { IN_MEMORY } from '../../kernel/dispatch/history/file.ts'
import { HistoryStore } from '../../kernel/dispatch/history/store.ts'
import { Server } from '../../kernel/dispatch/server.ts'
import { readConnection } from '../../kernel/wire/connection.ts'
import { openSockets } from '../../kernel/wire/sockets.ts'
import { type ConnectionFile, temporaryConnection } from '../support/connection.ts'
import { type ClientOptions, JupyterClient } from '../support/jupyter-client.ts'
import { ScriptedSession } from './scripted-session.ts'

// What is tested here are messages; the session's answers are made up.
process.env['PARACELL_TYPES'] = 'none'

/** A server with a scripted session behind it and a client before it, all over real sockets. */
export interface RunningKernel extends AsyncDisposable {
  readonly session: ScriptedSession
  readonly client: JupyterClient
  readonly connection: ConnectionFile
  /** What was logged, a line each. */
  readonly log: Log
  /** Settles when the server has ended. */
  readonly ended: Promise<void>
}

/** Collects lines; whoever waits for one gets it whether it came or is yet to come. */
export class Log {
  readonly lines: string[] = []
  readonly #changed = new EventEmitter()

  add(line: string): void {
    this.lines.push(line)
    this.#changed.emit('line')
  }

  async waitFor(pattern: RegExp): Promise<string> {
    const found = () => this.lines.find(line => pattern.test(line))
    while (found() === undefined) await once(this.#changed, 'line')
    return found() ?? ''
  }
}

/** @example await using kernel = await startKernel() */
export async function startKernel(
  fields: Partial<ConnectionFile> = {}, options: ClientOptions = {}
): Promise<RunningKernel> {
  const resources = new AsyncDisposableStack()
  const { file, connection } = resources.use(await temporaryConnection(fields))
  const log = new Log()
  const session = resources.use(new ScriptedSession())
  const sockets = resources.use(await openSockets(await readConnection(file), line => log.add(line)))
  const stop = new AbortController()
  const history = resources.use(new HistoryStore(() => IN_MEMORY, line => log.add(line)))
  const ended = new Server(sockets, session, history, line => log.add(line)).run(stop.signal)
  resources.defer(async () => {
    stop.abort()
    await ended
  })
  const client = resources.use(await JupyterClient.start(connection, options))
  return { session, client, connection, log, ended, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}
