import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defaultStarter, withFallback } from '../../../kernel/parallel/start/default-starter.ts'
import { ForkUnavailable } from '../../../kernel/parallel/start/fork-server-process.ts'
import { spawner } from '../../../kernel/parallel/start/spawner.ts'
import type { Starter } from '../../../kernel/parallel/start/starter.ts'
import { CHILD, doing, run } from './support.ts'

const unavailable: Starter = {
  warm: () => Promise.reject(new ForkUnavailable('no fork here')),
  start: () => Promise.reject(new ForkUnavailable('no fork here')),
  [Symbol.asyncDispose]: () => Promise.resolve(),
}

describe('the default starter', { timeout: 60_000 }, () => {
  it('forks where that is possible', async () => {
    await using starter = defaultStarter(CHILD)
    const { link, exit } = await run(starter, doing('identify'))
    const { parent } = JSON.parse(link) as { parent: number }
    assert.deepEqual(exit, { exitCode: 0 })
    assert.equal(parent === process.pid, process.platform !== 'linux')
  })

  it('spawns where forking turns out to be unavailable', async () => {
    await using starter = withFallback(unavailable, () => spawner(CHILD))
    await starter.warm()
    const outcomes = await Promise.all([1, 2].map(() => run(starter, doing('exit'))))
    for (const { exit } of outcomes) assert.deepEqual(exit, { exitCode: 3 })
  })

  it('passes other errors on', async () => {
    await using starter = defaultStarter('/no/such/entry.ts')
    await assert.rejects(starter.start(), /couldn't be loaded/)
  })
})
