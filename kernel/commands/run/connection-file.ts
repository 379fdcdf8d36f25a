import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A connection file in a folder of its own; both are removed when it is disposed of. */
export interface ConnectionFile extends AsyncDisposable {
  readonly path: string
}

/** Writes a new connection file, as front ends do. */
export async function newConnectionFile(): Promise<ConnectionFile> {
  const folder = await mkdtemp(join(tmpdir(), 'paracell-run-'))
  const path = join(folder, 'connection.json')
  // Sockets in a folder that is ours alone, so that no port can be anybody else's.
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 }
  const address = { transport: 'ipc', ip: join(folder, 'kernel'), ...ports }
  await writeFile(path, JSON.stringify({ ...address, key: randomUUID(), signature_scheme: 'hmac-sha256' }), { mode: 0o600 })
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
