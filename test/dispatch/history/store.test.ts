import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { History, type HistoryQuery } from '../../../kernel/dispatch/history/history.ts'
import { HistoryStore } from '../../../kernel/dispatch/history/store.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const ALL: HistoryQuery = { access: 'tail', output: false, session: 0, start: 1, stop: undefined, n: undefined, pattern: '*', unique: false }

describe('the history over sessions', () => {
  test('is kept in a file that is made when it is first needed, and in what IPython calls its tables', async () => {
    await using place = await temporary()
    await using kernel = open(place.file)
    assert.deepEqual(await readdir(place.path), [])
    await kernel.run('a', 'b')
    await kernel.close()
    using database = new DatabaseSync(place.file)
    assert.deepEqual(database.prepare('SELECT session, line, source, source_raw FROM history').all().map(row => Object.values(row)), [[1, 1, 'a', 'a'], [1, 2, 'b', 'b']])
    assert.deepEqual(database.prepare('SELECT session FROM sessions').all().map(row => Object.values(row)), [[1]])
  })

  test('is written without being asked for, a little later', async () => {
    await using place = await temporary()
    await using kernel = open(place.file)
    kernel.history.add(1, 'soon')
    await using reader = open(place.file)
    while ((await reader.history.find(ALL)).length === 0) await new Promise(resolve => setImmediate(resolve))
  })

  test('is found by later kernels: the newest last, each session by its number or counted from now', async () => {
    await using place = await temporary()
    for (const cells of [['a1', 'a2'], ['b1'], ['c1', 'a1']]) {
      await using kernel = open(place.file)
      await kernel.run(...cells)
    }
    await using now = open(place.file)
    await now.run('d1', 'a1')
    const find = (query: Partial<HistoryQuery>) => now.history.find({ ...ALL, ...query })
    assert.deepEqual(await find({}), [[1, 1, 'a1'], [1, 2, 'a2'], [2, 1, 'b1'], [3, 1, 'c1'], [3, 2, 'a1'], [4, 1, 'd1'], [4, 2, 'a1']])
    assert.deepEqual(await find({ n: 3 }), [[3, 2, 'a1'], [4, 1, 'd1'], [4, 2, 'a1']])
    assert.deepEqual(await find({ access: 'range' }), [[4, 1, 'd1'], [4, 2, 'a1']])
    assert.deepEqual(await find({ access: 'range', session: -1 }), [[3, 1, 'c1'], [3, 2, 'a1']])
    assert.deepEqual(await find({ access: 'range', session: 1, start: 2 }), [[1, 2, 'a2']])
    assert.deepEqual(await find({ access: 'search', pattern: 'a*' }), [[1, 1, 'a1'], [1, 2, 'a2'], [3, 2, 'a1'], [4, 2, 'a1']])
    assert.deepEqual(await find({ access: 'search', pattern: 'a*', unique: true }), [[1, 2, 'a2'], [4, 2, 'a1']])
  })

  test('of shells is apart', async () => {
    await using place = await temporary()
    await using kernel = open(place.file)
    const subshell = new History(kernel.store)
    kernel.history.add(1, 'main')
    subshell.add(1, 'other')
    subshell.addOutput(1, 'its result')
    assert.deepEqual(await kernel.history.find({ ...ALL, access: 'range' }), [[1, 1, 'main']])
    assert.deepEqual(await subshell.find({ ...ALL, access: 'range', output: true }), [[2, 1, ['other', 'its result']]])
  })

  test('takes what several kernels write at once, and loses nothing', async () => {
    await using place = await temporary()
    const program = join(import.meta.dirname, 'writing-kernel.ts')
    await Promise.all(Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, [program, place.file, '50'])))
    await using reader = open(place.file)
    const found = await reader.history.find(ALL)
    assert.equal(found.length, 200)
    assert.deepEqual([...new Set(found.map(([session]) => session))], [1, 2, 3, 4])
  })

  test('waits for another kernel that writes', async () => {
    await using place = await temporary()
    await using kernel = open(place.file)
    await kernel.run('first')
    using other = new DatabaseSync(place.file)
    other.exec('BEGIN IMMEDIATE')
    kernel.history.add(2, 'meanwhile')
    assert.deepEqual(await kernel.history.find(ALL), [[1, 1, 'first']])
    other.exec('COMMIT')
    assert.deepEqual(await kernel.history.find(ALL), [[1, 1, 'first'], [1, 2, 'meanwhile']])
    assert.deepEqual(kernel.log, [])
  })
})

const unusable: Readonly<Record<string, (file: string, folder: string) => Promise<unknown>>> = {
  'a file that is no database': file => writeFile(file, 'not a database at all, but long enough to be taken for one. '.repeat(10)),
  'a folder in the place of the file': file => mkdir(file),
  'a file in the place of its folder': (_, folder) => writeFile(join(folder, 'state'), ''),
  'tables of somebody else': async file => {
    using database = new DatabaseSync(file)
    database.exec('CREATE TABLE history (something TEXT)')
  }
}

describe('a file that cannot be used is a line in the log, and memory takes its place', () => {
  for (const [what, make] of Object.entries(unusable)) {
    test(what, async () => {
      await using place = await temporary()
      const file = what.includes('its folder') ? join(place.path, 'state', 'history.sqlite') : place.file
      await make(file, place.path)
      await using kernel = open(file)
      await kernel.run('a', 'b')
      assert.deepEqual(await kernel.history.find(ALL), [[1, 1, 'a'], [1, 2, 'b']])
      assert.equal(kernel.log.length, 1)
      assert.match(String(kernel.log[0]), /^The history in .*history\.sqlite can't be used, so this kernel remembers only its own: ./)
    })
  }

  test('a folder that nobody may write to, not even root', async () => {
    await using kernel = open('/proc/history.sqlite')
    await kernel.run('a')
    assert.equal(kernel.log.length, 1)
  })
})

async function temporary() {
  const { path, ...folder } = await temporaryFolder()
  return { path, file: join(path, 'history.sqlite'), ...folder }
}

function open(file: string) {
  const log: string[] = []
  const store = new HistoryStore(() => file, line => log.push(line))
  const history = new History(store)
  let line = 0
  const close = () => store[Symbol.asyncDispose]()
  const run = async (...cells: readonly string[]) => {
    for (const cell of cells) history.add(++line, cell)
    await history.find({ ...ALL, n: 0 })
  }
  return { store, history, log, run, close, [Symbol.asyncDispose]: close }
}
