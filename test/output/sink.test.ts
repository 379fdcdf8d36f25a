import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readOutput } from '../../kernel/output/source.ts'
import type { SessionEvent } from '../../kernel/session/protocol.ts'

const fixture = fileURLToPath(new URL('./fixtures/printer.ts', import.meta.url))

async function* run(program: string): AsyncGenerator<SessionEvent> {
  const child = spawn(process.execPath, ['--no-warnings', fixture, program], { stdio: ['ignore', 'pipe', 'pipe'] })
  try {
    yield* readOutput(child.stdout as Readable, child.stderr as Readable)
  } finally {
    child.kill('SIGKILL')
  }
}

/** Neighbours of one owner and stream as one: `cell name text`. */
async function joined(program: string): Promise<string[]> {
  const seen: { key: string; text: string }[] = []
  for await (const event of run(program)) {
    const key = event.type === 'stream' ? `${event.owner.cell} ${event.name}` : event.type
    const text = event.type === 'stream' ? event.text : ''
    const last = seen.at(-1)
    if (last?.key === key) last.text += text
    else seen.push({ key, text })
  }
  return seen.map(({ key, text }) => `${key} ${text}`)
}

const stories: readonly { readonly title: string; readonly program: string; readonly seen: readonly string[] }[] = [
  {
    title: 'each owner and stream gets its own, in order',
    program: 'owners',
    seen: ['a stdout one ', 'a stderr two ', 'b stdout three ', 'a stdout four']
  },
  { title: 'an event stands between what was printed before and after', program: 'events', seen: ['a stdout before', 'result ', 'a stdout after'] },
  { title: 'what a child prints stays in its place', program: 'native', seen: ['a stdout js child ', 'a stderr error', 'a stdout js again direct'] },
  { title: 'a thread that is ended while it writes holds nobody up', program: 'widow', seen: ['a stdout goes on'] },
  { title: 'a character cut in two by another owner comes together', program: 'cut', seen: ['a stdout 你', 'b stdout between', 'a stdout 好'] }
]

for (const { title, program, seen } of stories) test(title, async () => assert.deepEqual(sorted(await joined(program)), sorted(seen)))

/** stderr of a child has a descriptor of its own: its place among the child's stdout is anyone's guess. */
function sorted(seen: readonly string[]): readonly string[] {
  const errors = seen.filter(line => line.startsWith('a stderr error'))
  return errors.length === 0 ? seen : [seen.filter(line => !errors.includes(line)).join('|').replaceAll('|a stdout ', ''), ...errors]
}

test('a flood is whole and in order', async () => {
  let text = ''
  for await (const event of run('flood')) if (event.type === 'stream') text += event.text
  const lines = text.split('\n')
  assert.equal(lines.length, 200_001)
  assert.ok(lines.slice(0, -1).every((line, number) => line === String(number).padStart(99, '.')))
})

test('a flood comes out to its end while its writer is blocked', async () => {
  let text = ''
  for await (const event of run('blocked')) {
    if (event.type === 'stream') text += event.text
    if (text.endsWith('\n999\n')) break
  }
  assert.equal(text.split('\n').length, 1001)
})

test('threads that print at once keep their own lines whole', async () => {
  const texts = new Map<string, string>()
  for await (const event of run('threads')) {
    if (event.type === 'stream') texts.set(`${event.owner.cell} ${event.name}`, (texts.get(`${event.owner.cell} ${event.name}`) ?? '') + event.text)
  }
  for (const number of [2, 3, 4]) {
    const lines = [...(texts.get(`thread ${number} stdout`) ?? '').split('\n').slice(0, -1), ...(texts.get(`thread ${number} stderr`) ?? '').split('\n').slice(0, -1)]
    assert.deepEqual(lines.map(line => Number.parseInt(line, 10)).sort((x, y) => x - y), Array.from({ length: 5000 }, (_, line) => line))
    assert.ok(lines.every(line => line === `${Number.parseInt(line, 10)} ${'x'.repeat(Number.parseInt(line, 10) % 300)}`))
  }
})
