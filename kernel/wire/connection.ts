import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { UsageError } from '../errors.ts'

/** Where to listen and how to sign: the content of a connection file. */
export interface Connection {
  readonly transport: 'tcp' | 'ipc'
  readonly ip: string
  readonly ports: Readonly<Record<SocketName, number>>
  /** Secret of the signatures; `''` means that messages are not signed. */
  readonly key: string
  /** Name of the hash in the HMAC, such as `sha256`. */
  readonly hash: string
}

export type SocketName = 'shell' | 'iopub' | 'stdin' | 'control' | 'hb'

const SOCKETS: readonly SocketName[] = ['shell', 'iopub', 'stdin', 'control', 'hb']

/**
 * Reads the connection file that a front end wrote.
 *
 * @throws UsageError that names the file, and the field where one is wrong
 * @example const connection = await readConnection('/run/user/1000/jupyter/kernel-1.json')
 */
export async function readConnection(file: string): Promise<Connection> {
  const fields = parse(file, await read(file))
  const fail = (problem: string): never => {
    throw new UsageError(`The connection file ${file} ${problem}. Let Jupyter write a new one.`)
  }
  return {
    transport: transport(fields['transport'] ?? 'tcp', fail),
    ip: text(fields['ip'] ?? '127.0.0.1', 'ip', fail),
    ports: Object.fromEntries(SOCKETS.map(name => [name, port(fields, name, fail)])) as Record<SocketName, number>,
    key: typeof fields['key'] === 'string' ? fields['key'] : fail('needs a string as "key" ("" for unsigned messages)'),
    hash: hash(fields['signature_scheme'] ?? 'hmac-sha256', fail)
  }
}

/** The zeromq address of one of the sockets. */
export function addressOf({ transport, ip, ports }: Connection, name: SocketName): string {
  return transport === 'tcp' ? `tcp://${ip}:${ports[name]}` : `ipc://${ip}-${ports[name]}`
}

type Fail = (problem: string) => never

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(`The connection file ${file} can't be read (${why}). Check its path and rights.`, { cause })
  }
}

function parse(file: string, json: string): Readonly<Record<string, unknown>> {
  const wrong = `The connection file ${file} is not a JSON object. Let Jupyter write a new one.`
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (cause) {
    throw new UsageError(wrong, { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UsageError(wrong)
  return value as Record<string, unknown>
}

function transport(value: unknown, fail: Fail): 'tcp' | 'ipc' {
  return value === 'tcp' || value === 'ipc' ? value : fail(`has the transport ${show(value)}, not "tcp" or "ipc"`)
}

function text(value: unknown, name: string, fail: Fail): string {
  return typeof value === 'string' && value !== '' ? value : fail(`needs a text as "${name}", not ${show(value)}`)
}

function port(fields: Readonly<Record<string, unknown>>, name: SocketName, fail: Fail): number {
  const value = fields[`${name}_port`]
  const valid = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535
  return valid ? value : fail(`needs a port from 1 to 65535 as "${name}_port", not ${show(value)}`)
}

function hash(value: unknown, fail: Fail): string {
  const name = typeof value === 'string' && value.startsWith('hmac-') ? value.slice('hmac-'.length) : ''
  try {
    createHmac(name, '')
    return name
  } catch {
    return fail(`has the signature_scheme ${show(value)}, which is not "hmac-" and a hash that OpenSSL knows`)
  }
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing'
}
