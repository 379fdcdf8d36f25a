import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The content of a connection file, as front ends write it. */
export interface ConnectionFile {
  readonly transport: 'tcp' | 'ipc'
  readonly ip: string
  readonly shell_port: number
  readonly iopub_port: number
  readonly stdin_port: number
  readonly control_port: number
  readonly hb_port: number
  readonly key: string
  readonly signature_scheme: string
}

/** A connection file on disk in a folder of its own, removed when disposed of. */
export interface TemporaryConnection extends AsyncDisposable {
  readonly file: string
  readonly connection: ConnectionFile
}

/**
 * Makes a connection that nobody uses yet, over ipc unless told otherwise.
 *
 * @example await using place = await temporaryConnection({ transport: 'tcp' })
 */
export async function temporaryConnection(fields: Partial<ConnectionFile> = {}): Promise<TemporaryConnection> {
  const folder = await mkdtemp(join(tmpdir(), 'connection-'))
  const tcp = fields.transport === 'tcp'
  const [shell, iopub, stdin, control, hb] = (tcp ? await freePorts() : [1, 2, 3, 4, 5]) as Five
  const connection: ConnectionFile = {
    transport: 'ipc',
    ip: tcp ? '127.0.0.1' : join(folder, 'kernel'),
    shell_port: shell,
    iopub_port: iopub,
    stdin_port: stdin,
    control_port: control,
    hb_port: hb,
    key: randomUUID(),
    signature_scheme: 'hmac-sha256',
    ...fields
  }
  const file = join(folder, 'connection.json')
  await writeFile(file, JSON.stringify(connection))
  return { file, connection, [Symbol.asyncDispose]: async () => rm(folder, { recursive: true, force: true }) }
}

type Five = [number, number, number, number, number]

// All are held at the same time, so that they differ.
async function freePorts(): Promise<number[]> {
  const servers = Array.from({ length: 5 }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map(server => once(server, 'listening')))
  const ports = servers.map(server => (server.address() as AddressInfo).port)
  await Promise.all(servers.map(server => once(server.close(), 'close')))
  return ports
}
