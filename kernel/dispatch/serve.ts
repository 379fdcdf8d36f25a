import type { Session } from '../session/session.ts'
import { readConnection } from '../wire/connection.ts'
import { openSockets } from '../wire/sockets.ts'
import { historyFile } from './history/file.ts'
import { HistoryStore } from './history/store.ts'
import { Server } from './server.ts'

/**
 * Serves the kernel that a front end described in a connection file; resolves when it was shut down.
 *
 * @throws UsageError when the connection file is wrong or its addresses are taken
 * @example await serve('/run/user/1000/jupyter/kernel-1.json', openSession)
 */
export async function serve(connectionFile: string, openSession: () => Session): Promise<void> {
  await using session = openSession()
  const connection = await readConnection(connectionFile)
  await using history = new HistoryStore(historyFile, log)
  await using sockets = await openSockets(connection, log)
  using signals = handleSignals(session)
  await new Server(sockets, session, history, log).run(signals.end)
}

function log(line: string): void {
  process.stderr.write(`[paracell] ${line}\n`)
}

/** SIGINT interrupts the cell; SIGTERM and SIGHUP end the kernel in good order. */
function handleSignals(session: Session): Disposable & { readonly end: AbortSignal } {
  const lifetime = new AbortController()
  const interrupt = () => void session.interrupt().catch((error: unknown) => log(`Interrupt failed: ${String(error)}`))
  const end = () => lifetime.abort()
  process.on('SIGINT', interrupt).on('SIGTERM', end).on('SIGHUP', end)
  return {
    end: lifetime.signal,
    [Symbol.dispose]: () => void process.off('SIGINT', interrupt).off('SIGTERM', end).off('SIGHUP', end)
  }
}
