import assert from 'node:assert/strict'
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openBrowser } from '../support/browser.ts'
import { JupyterLab } from '../support/jupyterlab.ts'
import { NotebookPage, textOf } from '../support/lab-page.ts'
import { needs } from '../support/system.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const project = join(import.meta.dirname, '..', '..')
const screenshots = join(project, '.tmp', 'screenshots')

/** What a cell of each notebook has to show, as the programs that they recreate did. */
const STORIES = [
  { number: '01', shows: /^当前进程是: \d+\n这里使用 \d+进程 处理 Hello\.\n子进程结束\.\n$/ },
  {
    number: '04',
    shows: /^当前线程是: MainThread\n当前线程是: LoopThread\n(线程 LoopThread 处理 \d\n){6}线程 LoopThread 结束\.\n线程 MainThread 结束\.\n$/,
  },
]

describe('JupyterLab in a browser', needs('chromium'), () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let lab: JupyterLab

  before(async () => {
    await mkdir(screenshots, { recursive: true })
    folder = await temporaryFolder()
    await cp(join(project, 'notebooks'), folder.path, { recursive: true })
    lab = await JupyterLab.start(folder.path)
  })

  after(async () => {
    await lab[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  test('shows cells as TypeScript, and runs them', async () => {
    await writeFile(join(folder.path, 'cells.ipynb'), notebook(['interface Point { x: number }\nconst point: Point = { x: 21 }', 'console.log(point.x * 2)', 'point.x + 1']))
    await using browser = await openBrowser()
    const opened = await NotebookPage.open(browser.page, lab, 'cells.ipynb')
    const cells = await opened.runAll()
    assert.deepEqual(cells.map(({ execution_count }) => execution_count), [1, 2, 3])
    assert.deepEqual(cells.map(textOf), ['', '42\n', '22'])
    assert.deepEqual(await coloured(opened, 'interface', 'Point', '21'), { interface: true, Point: true, 21: true })
  })

  test('shows type errors under their cell, and completes by types', async () => {
    await writeFile(join(folder.path, 'types.ipynb'), notebook(['interface Point { left: number; top: number }\nconst points: Point[] = []\npoints.size', 'points[0]?.']))
    await using browser = await openBrowser()
    await NotebookPage.open(browser.page, lab, 'types.ipynb')
    await browser.page.locator('.jp-CodeCell').first().locator('.cm-content').click()
    await browser.page.keyboard.press('Control+Enter')
    await browser.page.locator('.jp-OutputArea-output').filter({ hasText: "TS2339: Property 'size' does not exist on type 'Point[]'." }).waitFor()
    await browser.page.locator('.jp-CodeCell').nth(1).locator('.cm-content').click()
    await browser.page.keyboard.press('Control+End')
    await browser.page.keyboard.press('Tab')
    const offered = browser.page.locator('.jp-Completer-item')
    await offered.first().waitFor()
    await browser.page.screenshot({ path: join(screenshots, 'types.png') })
    assert.match((await offered.allInnerTexts()).join(' '), /\bleft\b[^]*\btop\b/)
  })

  test('a cell in the background tells its end where it told its beginning, and %load fills its cell', async () => {
    const behind = "%%process --background --name worker\nawait new Promise(resolve => setTimeout(resolve, 500))\nconsole.log('late')"
    await writeFile(join(folder.path, 'loaded.ts'), 'const loaded = 1\n')
    await writeFile(join(folder.path, 'jobs.ipynb'), notebook([behind, '%jobs --watch --every 100', '%load loaded.ts']))
    await using browser = await openBrowser()
    const opened = await NotebookPage.open(browser.page, lab, 'jobs.ipynb')
    const ran = await opened.runAll()
    let [job, jobs] = ran
    assert.equal(ran[2]!.source, '// %load loaded.ts\nconst loaded = 1\n')
    while (textOf(job!).startsWith('▶') || !textOf(job!).includes('late') || textOf(jobs!).includes('running')) [job, jobs] = await opened.cells()
    assert.match(textOf(job!), /^✓ worker: a process, done after \d.*late\n$/)
    assert.match(textOf(jobs!), /^name .*\nworker +process +exit 0 /)
    await browser.page.screenshot({ path: join(screenshots, 'jobs.png') })
  })

  test('draws a trace: a timeline and a sequence diagram', async () => {
    const source = "import { Process, Queue, trace } from 'paracell'\nconst queue = new Queue()\nawait trace(async () => {\n  const child = new Process({ name: '工人; #1', target: () => queue.put('<你好>') })\n  child.start()\n  await queue.get()\n  await child.join()\n})"
    await writeFile(join(folder.path, 'trace.ipynb'), notebook([source]))
    await using browser = await openBrowser()
    const opened = await NotebookPage.open(browser.page, lab, 'trace.ipynb')
    await opened.runAll()
    const chart = browser.page.locator('.vega-embed canvas, .vega-embed svg.marks')
    const diagram = browser.page.locator('.jp-RenderedMermaid img, .jp-RenderedMermaid svg')
    await Promise.all([chart.first().waitFor(), diagram.first().waitFor()])
    await browser.page.screenshot({ path: join(screenshots, 'trace.png') })
    const sizes = await Promise.all([chart, diagram].map(async (picture) => picture.first().boundingBox()))
    assert.ok(sizes.every((size) => size !== null && size.width > 100 && size.height > 50), JSON.stringify(sizes))
    const drawn = decodeURIComponent((await diagram.first().getAttribute('src')) ?? '')
    for (const label of ['工人; #1', "queue: '&lt;你好&gt;' (8 B)"]) assert.ok(drawn.includes(label), `${label} is not in the diagram`)
  })

  for (const { number, shows } of STORIES) {
    test(`runs notebook ${number} from top to bottom`, async () => {
      const name = (await readdir(folder.path)).find((file) => file.startsWith(`${number}-`)) ?? `${number}-….ipynb`
      await using browser = await openBrowser()
      const opened = await NotebookPage.open(browser.page, lab, name)
      const cells = await opened.runAll()
      await browser.page.screenshot({ path: join(screenshots, `${number}.png`) })
      const texts = cells.map(textOf)
      assert.ok(texts.some((text) => shows.test(text)), `No cell shows ${shows}: ${JSON.stringify(texts, null, 2)}`)
      assert.deepEqual(cells.flatMap(({ outputs = [] }) => outputs.filter(({ output_type }) => output_type === 'error')), [])
    })
  }
})

/** Which of the words the editor shows as tokens of the language. */
async function coloured({ page }: NotebookPage, ...words: string[]): Promise<Record<string, boolean>> {
  const found = words.map(async (word) => [word, (await page.locator('.cm-line span[class]').getByText(word, { exact: true }).count()) > 0])
  return Object.fromEntries(await Promise.all(found)) as Record<string, boolean>
}

function notebook(sources: readonly string[]): string {
  const cells = sources.map((source, index) => ({ id: `cell-${index}`, cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null }))
  const metadata = { kernelspec: { name: 'paracell', display_name: 'TypeScript (Paracell)', language: 'typescript' } }
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells })
}
