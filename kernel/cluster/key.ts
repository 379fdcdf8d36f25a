import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { UsageError } from '../errors.ts'
import type { Address } from './address.ts'

/** What all who share a cluster know, and nobody else. */
export interface Key {
  readonly secret: Buffer
  /** Tells clusters apart that share a Redis; says nothing about the secret. */
  readonly fingerprint: string
}

export interface KeyOptions {
  /** A file with the key: at least 16 bytes that nobody can guess, such as `openssl rand -hex 32` prints. */
  readonly keyFile?: string | undefined
  /** Without a key of its own: only with a Redis that nobody else reaches. Default: false. */
  readonly insecure?: boolean | undefined
}

const SHORTEST = 16
/** Everybody knows it. */
const NO_KEY = Buffer.from('paracell, insecure')
const MAKE_ONE = 'Make one by `openssl rand -hex 32 > cluster.key`, and give everybody the same.'

/** The key that says who may run code on the machines of a cluster. */
export async function readKey({ keyFile, insecure = false }: KeyOptions, address: Address): Promise<Key> {
  if (keyFile !== undefined) return keyOf(await readSecret(keyFile))
  if (!insecure) throw new UsageError(`A cluster needs a key (keyFile, --key-file or PARACELL_KEY_FILE): who has it may run code on its machines. ${MAKE_ONE}`)
  if (address.isLoopback) return keyOf(NO_KEY)
  throw new UsageError(`Without a key a cluster works only by a Redis of this machine, such as redis://localhost:6379, not by ${address.shown}. ${MAKE_ONE}`)
}

function keyOf(secret: Buffer): Key {
  return { secret, fingerprint: createHmac('sha256', secret).update('fingerprint').digest('hex').slice(0, 12) }
}

async function readSecret(file: string): Promise<Buffer> {
  const text = await readFile(file, 'latin1').catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`The key file ${file} can't be read (${cause.code}). ${MAKE_ONE}`, { cause })
  })
  const secret = Buffer.from(text.trim(), 'latin1')
  if (secret.length < SHORTEST) throw new UsageError(`The key in ${file} is too short: ${SHORTEST} bytes at least. ${MAKE_ONE}`)
  return secret
}
