import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openNotebook, type Notebook } from '../together/notebook.ts'

const cases: readonly { readonly story: string; readonly code: string; readonly prints: string }[] = [
  { story: 'an object of the notebook is an instance of its class', code: 'point instanceof Point', prints: 'true' },
  { story: 'and of the classes that this one extends', code: 'high instanceof High, high instanceof Point, points[1] instanceof High', prints: 'true true true' },
  { story: 'but of no other', code: 'point instanceof High, plain instanceof Point, point instanceof Map, list instanceof Array', prints: 'false false false true' },
  { story: 'as are those that the thread makes', code: 'new High() instanceof Point', prints: 'true' },
  { story: 'its methods still run where it is', code: '(point.move(2), point.x), Object.getPrototypeOf(point) === Point.prototype', prints: '2 true' },
]

describe('classes of the notebook in a thread', { timeout: 60_000 }, () => {
  let notebook: Notebook
  before(async () => {
    notebook = await openNotebook()
    await notebook.run(`
      class Point { x = 0; move(by: number) { this.x += by } }
      class High extends Point { y = 0 }
      let [point, high, plain, list] = [new Point(), new High(), { x: 0 }, [1]]
      let points = [point, high]
      const inThread = async (target: () => unknown) => { const thread = new Thread({ target }); thread.start(); await thread.result() }`)
  })
  after(() => notebook[Symbol.asyncDispose]())

  for (const { story, code, prints } of cases) {
    test(story, async () => assert.deepEqual(await notebook.run(`await inThread(() => console.log(${code}))`), [prints]))
  }
})
