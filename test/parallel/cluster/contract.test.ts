import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { needs } from '../../support/system.ts'
import { programs } from '../together/programs.ts'
import { type ClusterNotebook, openClusterNotebook } from './notebook.ts'

/** The same contract as for threads and processes of one machine. */
const kinds: Readonly<Record<string, string>> = {
  'processes of a cluster': 'const [A, B] = [Remote, Remote]',
  'a process of a cluster and one of the notebook': 'const [A, B] = [Remote, Process]',
  'a thread and a process of a cluster': 'const [A, B] = [Thread, Remote]'
}

for (const [kind, declaration] of Object.entries(kinds)) {
  describe(kind, { timeout: 120_000, ...needs('redis-server') }, () => {
    let open: ClusterNotebook
    before(async () => {
      open = await openClusterNotebook()
      await open.notebook.run(declaration)
    })
    after(() => open[Symbol.asyncDispose]())

    for (const { name, code, prints } of programs) {
      test(name, async () => assert.deepEqual(await open.notebook.run(`{\n${code}\n}`), prints))
    }
  })
}
