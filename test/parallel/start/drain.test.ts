import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { test } from 'node:test'
import { drained, emitArrived } from '../../../kernel/parallel/start/drain.ts'

const TEXT = 'x'.repeat(50_000)

/** A program's output that has come while this thread was busy: the loop can't have looked at it. */
async function withUnseenOutput(body: (stdout: Readable) => Promise<void>): Promise<void> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'drain-'))
  const written = join(folder.path, 'written')
  const program = `const fs = require('node:fs'); fs.writeSync(1, ${JSON.stringify(TEXT)}); fs.writeFileSync(${JSON.stringify(written)}, ''); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    while (!existsSync(written)) continue
    await body(child.stdout)
  } finally {
    child.kill('SIGKILL')
  }
}

function textOf(stream: Readable): () => string {
  let text = ''
  stream.on('data', chunk => {
    text += chunk
  })
  return () => text
}

test('drained: what has arrived is emitted, though its writer goes on', () => withUnseenOutput(async stdout => {
  const text = textOf(stdout)
  await drained([stdout])
  assert.equal(text(), TEXT)
}))

test('drained: a paused stream is waited for', () => withUnseenOutput(async stdout => {
  const text = textOf(stdout)
  stdout.pause()
  const all = drained([stdout])
  assert.equal(text(), '')
  stdout.resume()
  await all
  assert.equal(text(), TEXT)
}))

test('emitArrived: what has arrived is emitted at once, also when the stream is paused', () => withUnseenOutput(async stdout => {
  const text = textOf(stdout)
  stdout.pause()
  emitArrived([stdout])
  assert.equal(text(), TEXT)
}))
