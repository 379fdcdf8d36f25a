import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openNotebook, type Notebook } from './notebook.ts'
import { programs } from './programs.ts'

/** One contract for both kinds of workers, and for a thread together with a process. */
const kinds: Readonly<Record<string, string>> = {
  threads: 'const [A, B] = [Thread, Thread]',
  processes: 'const [A, B] = [Process, Process]',
  'a thread and a process': 'const [A, B] = [Thread, Process]'
}

for (const [kind, declaration] of Object.entries(kinds)) {
  describe(kind, { timeout: 60_000 }, () => {
    let notebook: Notebook
    before(async () => {
      notebook = await openNotebook()
      await notebook.run(declaration)
    })
    after(() => notebook[Symbol.asyncDispose]())

    for (const { name, code, prints } of programs) {
      test(name, async () => assert.deepEqual(await notebook.run(`{\n${code}\n}`), prints))
    }
  })
}
