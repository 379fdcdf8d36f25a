import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { paracell } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { needsNbclient, runWithNbclient } from './nbclient.ts'
import { assertTold, readNotebookFile } from './shown.ts'
import { stories, type Story } from './stories.ts'

const folder = join(import.meta.dirname, '..', '..', 'notebooks')
const fileOf = ({ notebook }: Story): string => join(folder, `${notebook}.ipynb`)

describe('the notebooks as they are saved', () => {
  for (const story of stories) {
    test(story.notebook, () => {
      const notebook = readNotebookFile(fileOf(story))
      assertTold(story, story.saved, notebook)
      assert.deepEqual([notebook.metadata.kernelspec.name, notebook.metadata.language_info.name], ['paracell', 'typescript'])
      const tags = notebook.cells.flatMap(({ metadata }) => metadata.tags ?? [])
      assert.deepEqual(tags, ['parameters'])
      for (const { id, cell_type, source } of notebook.cells) {
        if (cell_type === 'markdown') assert.match(source.join(''), /\p{Script=Han}[^]*[a-z]/u, `${id} is not in Chinese and English`)
      }
    })
  }
})

describe('the notebooks with other parameters', { concurrency: 2 }, () => {
  for (const story of stories) {
    test(story.notebook, async (t) => {
      await using place = await temporaryFolder()
      const [out, again] = [join(place.path, 'out.ipynb'), join(place.path, 'again.ipynb')]

      await t.test('by paracell run', async () => {
        const before = readFileSync(fileOf(story))
        const parameters = Object.entries(story.parameters).flatMap(([name, value]) => ['-p', `${name}=${value}`])
        const { exitCode, stderr } = await paracell(['run', fileOf(story), '-o', out, ...parameters])
        assert.equal(exitCode, 0, stderr)
        assertTold(story, story.parameters, readNotebookFile(out))
        assert.deepEqual(readFileSync(fileOf(story)), before)
      })

      await t.test("by Python's nbclient, with the same cell of parameters", needsNbclient(), async () => {
        await paracell(['install', '--prefix', place.path])
        await runWithNbclient(out, again, { prefix: place.path, cwd: folder })
        assertTold(story, story.parameters, readNotebookFile(again))
      })
    })
  }
})

const REFUSED = [
  ['03-queue', 'longestPause=-1'], ['04-thread', 'count=1.5'], ['05-difference', 'times=-3'], ['06-pool', 'items=0'], ['07-pipeline', 'pace=-1'],
  ['08-race', 'workers=0'], ['09-crash', 'code=0'], ['09-crash', 'memory=1e9'], ['10-amdahl', 'share=2'], ['11-display', 'points=0'], ['12-cluster', 'calls=0.5']
] as const

describe('the notebooks say of a parameter that none can be', { concurrency: 2 }, () => {
  for (const [notebook, parameter] of REFUSED) {
    test(`${notebook} ${parameter}`, async () => {
      await using place = await temporaryFolder()
      const { exitCode, stderr } = await paracell(['run', join(folder, `${notebook}.ipynb`), '-o', join(place.path, 'out.ipynb'), '-p', parameter])
      assert.equal(exitCode, 1)
      const [name = '', value = ''] = parameter.split('=')
      assert.match(stderr, new RegExp(`RangeError: ${name}: .* must be .*, not ${Number(value)}`))
    })
  }
})
