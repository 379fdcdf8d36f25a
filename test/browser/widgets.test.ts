import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { openBrowser } from '../support/browser.ts'
import { JupyterLab } from '../support/jupyterlab.ts'
import { NotebookPage, valueIn } from '../support/lab-page.ts'
import { needs } from '../support/system.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const screenshots = join(import.meta.dirname, '..', '..', '.tmp', 'screenshots')

const CELLS = [
  `import { Button, HBox, interact, Output } from 'paracell/widgets'
import { sleep } from 'paracell'
globalThis.begun = 0
globalThis.ended = 0
interact({ count: [1, 9], name: 'Hello', loud: false, kind: ['thread', 'process'] }, async ({ count, name, loud, kind }) => {
  begun++
  await sleep(300)
  ended++
  console.log('in a ' + kind + ': ' + (loud ? name.toUpperCase() : name).repeat(count))
  return { count }
})`,
  `const log = new Output(), button = new Button({ description: 'Press me', buttonStyle: 'primary', icon: 'play' })
button.onClick(() => log.print('pressed '))
new HBox([button, log])`,
  `import { customWidget } from 'paracell/widgets'
const Counter = customWidget({
  state: { count: 0 },
  module: \`export default { render({ model, el }) {
    const button = document.createElement('button')
    const show = () => { button.textContent = 'clicks: ' + model.get('count') }
    button.onclick = () => { model.set('count', model.get('count') + 1); model.save_changes() }
    model.on('change:count', show)
    show()
    el.append(button)
  } }\`
})
const counter = new Counter({ count: 5 })
counter.observe('count', ({ value }) => { if (value === 6) counter.count = 100 })
counter`,
]

describe('widgets in a browser', needs('chromium'), () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let lab: JupyterLab
  let browser: Awaited<ReturnType<typeof openBrowser>>
  let page: Page

  before(async () => {
    await mkdir(screenshots, { recursive: true })
    folder = await temporaryFolder()
    await writeFile(join(folder.path, 'widgets.ipynb'), notebook(CELLS))
    lab = await JupyterLab.start(folder.path)
    browser = await openBrowser()
    page = browser.page
    // JupyterLab takes cells out of the page that are not in view.
    await page.setViewportSize({ width: 1280, height: 1600 })
    const opened = await NotebookPage.open(page, lab, 'widgets.ipynb')
    await opened.runAll()
    await output().getByText('in a thread: HelloHelloHelloHelloHello').waitFor()
  })

  after(async () => {
    await browser[Symbol.asyncDispose]()
    await lab[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  const output = (): Locator => page.locator('.widget-interact .jp-OutputArea')

  test('shows the controls, and what the function shows', async () => {
    await page.screenshot({ path: join(screenshots, 'widgets.png') })
    assert.match(await output().innerText(), /^in a thread: Hello{1}[^]*\{ count: 5 \}/)
    assert.equal(await page.locator('.widget-interact .widget-slider, .widget-interact .widget-text, .widget-interact .widget-checkbox, .widget-interact .widget-dropdown').count(), 4)
  })

  test('a slider is dragged', async () => {
    await drag(-200)
    await output().getByText('in a thread: Hello\n', { exact: false }).waitFor()
    await output().getByText('{ count: 1 }').waitFor()
  })

  test('text is typed, a box checked, an option chosen', async () => {
    await page.locator('.widget-interact .widget-text input').fill('ciao')
    await page.locator('.widget-interact .widget-checkbox input').check()
    await page.locator('.widget-interact .widget-dropdown select').selectOption('process')
    await output().getByText('in a process: CIAO').waitFor()
  })

  test('a button is pressed', async () => {
    await page.getByRole('button', { name: 'Press me' }).click()
    await page.getByText('pressed ').last().waitFor()
    await page.screenshot({ path: join(screenshots, 'widgets-used.png') })
  })

  test('a widget of the notebook, both ways', async () => {
    await page.getByRole('button', { name: 'clicks: 5' }).click()
    await page.getByRole('button', { name: 'clicks: 100' }).waitFor()
  })

  test('two quick drags run once more, not twice', async () => {
    const before = await numbers()
    await drag(60)
    await drag(60)
    await output().getByText(/\{ count: [2-9] \}/).waitFor()
    const after = await numbers()
    assert.equal(after.ended - before.ended, 1)
  })

  test('they are back when the page was loaded again, and work', async () => {
    await page.getByRole('button', { name: 'Press me' }).waitFor()
    await page.keyboard.press('Control+s')
    await page.waitForFunction(() => !(globalThis as unknown as { document: { title: string } }).document.title.startsWith('*'))
    const shown = await output().innerText()
    await page.reload()
    await output().getByText('in a process: CIAO').waitFor()
    assert.equal((await output().innerText()).trim(), shown.trim())
    await page.screenshot({ path: join(screenshots, 'widgets-reloaded.png') })
    await page.locator('.widget-interact .widget-text input').fill('salve')
    await output().getByText('in a process: SALVE').waitFor()
  })

  async function drag(pixels: number): Promise<void> {
    const handle = page.locator('.widget-interact .noUi-handle')
    await handle.scrollIntoViewIfNeeded()
    const box = await handle.boundingBox()
    assert.ok(box)
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2 + pixels, box.y + box.height / 2)
    await page.mouse.up()
  }

  /** How often the function has begun and ended, by a cell of its own. */
  async function numbers(): Promise<{ readonly begun: number; readonly ended: number }> {
    return JSON.parse((await valueIn(page, 'JSON.stringify({ begun, ended })')).slice(1, -1)) as { begun: number; ended: number }
  }
})

function notebook(sources: readonly string[]): string {
  const cells = sources.map((source, index) => ({ id: `cell-${index}`, cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null }))
  const metadata = { kernelspec: { name: 'paracell', display_name: 'TypeScript (Paracell)', language: 'typescript' } }
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells })
}
