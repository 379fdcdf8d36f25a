import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { setFlagsFromString } from 'node:v8'

const { random } = Math
const { randomBytes, randomInt, randomUUID } = crypto
const webUUID = Crypto.prototype.randomUUID

const LARGEST_SEED = 2 ** 31 - 1
// How many Node draws ahead at once.
const STOCK_OF_UUIDS = 128
const STOCK_OF_INTEGERS = 1024

// Neighbouring seeds give unrelated numbers, as V8 hashes them; counting up from anywhere, none comes twice.
let seed = randomBytes(4).readUInt32LE()
let hasStock = false

/**
 * Runs something before the first fork so that children can still draw random numbers of their own: V8 seeds
 * `Math.random` once, at its first call, and Node keeps a stock of UUIDs and integers.
 */
export async function withoutSeeding<Result>(run: () => Promise<Result>): Promise<Result> {
  Math.random = () => randomBytes(4).readUInt32LE() / 2 ** 32
  draw(noticing(randomInt), noticing(randomUUID), noticing(webUUID))
  try {
    return await run()
  } finally {
    Math.random = random
    draw(randomInt, randomUUID, webUUID)
  }
}

/** Picks the seed of the next child. To be called before the fork. */
export function nextSeed(): void {
  seed = (seed % LARGEST_SEED) + 1
}

/** Lets a forked child draw random numbers of its own. */
export function reseed(): void {
  setFlagsFromString(`--random-seed=${seed}`)
  if (!hasStock) return
  for (let count = 0; count < STOCK_OF_UUIDS; count++) randomUUID()
  for (let count = 0; count < STOCK_OF_INTEGERS; count++) randomInt(1)
}

function draw(integer: typeof randomInt, uuid: typeof randomUUID, web: typeof webUUID): void {
  Object.assign(crypto, { randomInt: integer, randomUUID: uuid })
  Crypto.prototype.randomUUID = web
  syncBuiltinESMExports()
}

function noticing<Draw extends (...values: never[]) => unknown>(original: Draw): Draw {
  return function (this: unknown, ...values: never[]) {
    hasStock = true
    return original.apply(this, values)
  } as Draw
}
