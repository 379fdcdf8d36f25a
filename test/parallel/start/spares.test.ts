import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import { Spares } from '../../../kernel/parallel/start/spares.ts'
import type { Exit, StartedProcess } from '../../../kernel/parallel/start/starter.ts'

const here = { env: { LANG: 'C' }, cwd: '/' }
const settings = [
  ['as before', { env: { LANG: 'C' }, cwd: '/' }, true],
  ['with another environment', { env: { LANG: 'de' }, cwd: '/' }, false],
  ['with more in its environment', { env: { LANG: 'C', MORE: '1' }, cwd: '/' }, false],
  ['in another folder', { env: { LANG: 'C' }, cwd: '/tmp' }, false],
] as const

/** Processes that do nothing but end when they are told. */
class Launches {
  readonly all: { readonly process: StartedProcess; readonly end: PromiseWithResolvers<Exit> }[] = []
  readonly launch = async (): Promise<StartedProcess> => {
    const end = Promise.withResolvers<Exit>()
    const process = { pid: this.all.length, exited: end.promise, kill: () => end.resolve({ exitCode: -9 }) } as unknown as StartedProcess
    this.all.push({ process, end })
    return process
  }
}

function prepared(launches: Launches): Spares {
  const spares = new Spares(launches.launch)
  for (let i = 0; i < 2; i++) spares.prepare(here)
  return spares
}

describe('processes that are started ahead', () => {
  it('are there from the second start on', () => {
    const launches = new Launches()
    const spares = new Spares(launches.launch)
    spares.prepare(here)
    assert.equal(launches.all.length, 0)
    spares.prepare(here)
    assert.ok(launches.all.length > 0)
    spares.end()
  })

  for (const [title, setting, fits] of settings) it(`serve one that is to start ${title}: ${fits}`, async () => {
    const launches = new Launches()
    const spares = prepared(launches)
    assert.equal((await spares.take(setting)) !== undefined, fits)
    spares.end()
  })

  it('are given away once', async () => {
    const launches = new Launches()
    const spares = prepared(launches)
    const given = await Promise.all(launches.all.map(() => spares.take(here)))
    assert.equal(new Set(given.map(process => process?.pid)).size, launches.all.length)
    assert.equal(spares.take(here), undefined)
  })

  it('are replaced, and end, when others are needed', async () => {
    const launches = new Launches()
    const spares = prepared(launches)
    const before = [...launches.all]
    spares.prepare({ ...here, cwd: '/tmp' })
    for (const { end } of before) assert.equal((await end.promise).exitCode, -9)
    assert.ok(spares.take({ ...here, cwd: '/tmp' }))
    spares.end()
  })

  it('are not given away when they have ended', async () => {
    const launches = new Launches()
    const spares = prepared(launches)
    for (const { end } of launches.all) end.resolve({ exitCode: 1 })
    await new Promise(setImmediate)
    assert.equal(spares.take(here), undefined)
    spares.end()
  })

  it('end when nobody has wanted one for a while', async () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      const launches = new Launches()
      const spares = prepared(launches)
      mock.timers.runAll()
      for (const { end } of launches.all) assert.equal((await end.promise).exitCode, -9)
      assert.equal(spares.take(here), undefined)
    } finally {
      mock.timers.reset()
    }
  })

  it("are nothing where one can't be started", async () => {
    const spares = new Spares(() => Promise.reject(new Error('no more processes')))
    for (let i = 0; i < 2; i++) spares.prepare(here)
    assert.equal(await spares.take(here), undefined)
    spares.end()
  })
})
