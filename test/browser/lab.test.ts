import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { openBrowser } from '../support/browser.ts'
import { JupyterLab } from '../support/jupyterlab.ts'
import { NotebookPage, textOf } from '../support/lab-page.ts'
import { needs } from '../support/system.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const screenshots = join(import.meta.dirname, '..', '..', '.tmp', 'screenshots')

test('JupyterLab runs a TypeScript notebook in a browser', needs('chromium'), async () => {
  await mkdir(screenshots, { recursive: true })
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'cells.ipynb'), notebook(['interface Point { x: number }\nconst point: Point = { x: 21 }', 'console.log(`当前进程是: ${point.x * 2}`)', 'point.x + 1']))
  await using lab = await JupyterLab.start(folder.path)
  await using browser = await openBrowser()
  const opened = await NotebookPage.open(browser.page, lab, 'cells.ipynb')
  const cells = await opened.runAll()
  await browser.page.screenshot({ path: join(screenshots, 'cells.png') })

  assert.deepEqual(cells.map(({ execution_count }) => execution_count), [1, 2, 3])
  assert.deepEqual(cells.map(textOf), ['', '当前进程是: 42\n', '22'])
  assert.deepEqual(await coloured(opened, 'interface', 'Point', '21'), { interface: true, Point: true, 21: true })
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
