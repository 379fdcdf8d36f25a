import { exec, spawn } from 'node:child_process'
import * as crypto from 'node:crypto'
import * as dns from 'node:dns/promises'
import { writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type * as net from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import * as zlib from 'node:zlib'
import { uniqueId } from '../../../kernel/random.ts'

const LARGE = 5_000_000

// Drawn while loading, as libraries do: it must not make children alike.
crypto.randomUUID()
crypto.randomInt(100)
Math.random()
uniqueId()

/** What a child can be told to do, by the variable DO. */
const deeds: Record<string, (link: net.Socket) => unknown> = {
  nothing: (link) => link.destroy(),
  stay: () => {},
  identify: (link) => link.end(JSON.stringify({ pid: process.pid, parent: process.ppid, cwd: process.cwd(), env: { ...process.env } })),
  echo: (link) => link.pipe(link),
  large: () => {
    writeAll(1, Buffer.alloc(LARGE, 'x'))
    writeAll(2, Buffer.alloc(LARGE / 10, 'y'))
    process.exit()
  },
  streams: () => {
    process.stdout.write('x'.repeat(LARGE))
    process.stderr.write('y'.repeat(LARGE / 10))
    process.exit()
  },
  exit: () => {
    process.on('exit', (code) => writeSync(1, `leaving with ${code}`))
    process.exit(3)
  },
  run: async (link) => {
    link.destroy()
    process.on('exit', (code) => writeSync(1, `leaving with ${code}`))
    process.exitCode = 4
  },
  throw: () => {
    throw new RangeError('too far')
  },
  reject: () => Promise.reject(new RangeError('too late')),
  rescue: (link) => {
    link.destroy()
    process.on('uncaughtException', (error: Error) => writeSync(1, `caught ${error.message}`))
    throw new Error('this')
  },
  signal: () => process.kill(process.pid, process.env['SIGNAL'] as NodeJS.Signals),
  listen: () => {
    const signal = process.env['SIGNAL'] as NodeJS.Signals
    process.once(signal, () => {
      writeSync(1, `heard ${signal}`)
      process.exit()
    })
    process.kill(process.pid, signal)
  },
  abort: () => process.abort(),
  grandchild: () => {
    spawn('sh', ['-c', 'echo grandchild $$; exec sleep 1000'], { stdio: ['ignore', 'inherit', 'inherit'] })
      .once('spawn', () => process.exit(0))
  },
  random: (link) => link.end(JSON.stringify([Math.random(), crypto.randomUUID(), crypto.randomInt(2 ** 40), globalThis.crypto.randomUUID(), uniqueId()])),
  use: async (link) => link.end(JSON.stringify(await useNode())),
  allocate: (link) => link.end(String(allocate())),
}

export function main(link: net.Socket): void {
  void deeds[process.env['DO'] ?? 'nothing']?.(link)
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done)
}

async function useNode(): Promise<Record<string, unknown>> {
  const [file, address, key, zipped, program] = await Promise.all([
    readFile(import.meta.filename, 'utf8'),
    dns.lookup('localhost'),
    promisify(crypto.pbkdf2)('secret', 'salt', 1000, 8, 'sha256'),
    promisify(zlib.gzip)('text'),
    promisify(exec)('echo program; exit 0'),
  ])
  await setTimeout(1)
  const worker = new Worker('require("worker_threads").parentPort.postMessage("thread")', { eval: true })
  const thread = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
  await worker.terminate()
  return {
    file: file.includes('useNode'),
    address: address.address.length > 0,
    key: key.toString('hex'),
    unzipped: zlib.gunzipSync(zipped).toString(),
    program: program.stdout,
    thread,
  }
}

function allocate(): number {
  let kept: object[] = []
  let sum = 0
  for (let index = 0; index < 300_000; index++) {
    kept.push({ index, text: `x${index}` })
    if (kept.length > 50_000) kept = []
    sum = (sum * 31 + index) | 0
  }
  return sum
}
