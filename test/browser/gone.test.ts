import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Locator, Page, WebSocketRoute } from 'playwright-core'
import { openBrowser } from '../support/browser.ts'
import { JupyterLab } from '../support/jupyterlab.ts'
import { NotebookPage, valueIn } from '../support/lab-page.ts'
import { notebookOf } from '../commands/run/small-notebook.ts'
import { needs } from '../support/system.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

// The run goes on until the notebook's folder has a file of this name: so it is in the middle while the front end goes.
const CELL = `import { interact } from 'paracell/widgets'
import { activeChildren, Process, sleep } from 'paracell'
import { existsSync } from 'node:fs'
globalThis.runs = { begun: 0, ended: 0 }
const untilThere = async (file: string) => { while (!existsSync(file)) await sleep(20) }
interact({ count: [1, 9], name: 'first' }, async ({ count, name }) => {
  runs.begun++
  console.log('began', name)
  const child = new Process({ target: untilThere, args: [name] })
  child.start()
  await child.join()
  runs.ended++
  return 'ended ' + name + ' ' + count
})`

describe('a front end that goes away while a control runs something', needs('chromium'), () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let lab: JupyterLab

  before(async () => {
    folder = await temporaryFolder()
    lab = await JupyterLab.start(folder.path)
  })
  after(async () => {
    await lab[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  test('a tab that is closed', async () => {
    await using browser = await openBrowser()
    await inTheMiddle(browser.page, 'tab')
    await browser.page.close()
    await assertGoesOn(await browser.newPage(), 'tab')
  })

  test('a tab that is closed while the slider is held', async () => {
    await using browser = await openBrowser()
    await inTheMiddle(browser.page, 'held')
    await hold(browser.page)
    await browser.page.close()
    await assertGoesOn(await browser.newPage(), 'held')
  })

  test('a browser that is killed', async () => {
    const browser = await openBrowser()
    await inTheMiddle(browser.page, 'killed')
    await browser.kill()
    await using another = await openBrowser()
    await assertGoesOn(another.page, 'killed')
  })

  test('a connection that is cut, and comes back by itself', async () => {
    await using browser = await openBrowser()
    const connections: WebSocketRoute[] = []
    await browser.page.routeWebSocket(/\/channels/, connection => {
      connections.push(connection)
      connection.connectToServer()
    })
    await inTheMiddle(browser.page, 'cut')
    await Promise.all(connections.map(connection => connection.close()))
    await allow('middle cut')
    await shown(browser.page, 'ended middle cut')
    await assertWorks(browser.page, 'cut')
  })

  /** A saved notebook whose first run is over, and whose second one is under way. */
  async function inTheMiddle(page: Page, name: string): Promise<void> {
    await writeFile(join(folder.path, `${name}.ipynb`), notebookOf([CELL]))
    await allow('first')
    const notebook = await NotebookPage.open(page, lab, `${name}.ipynb`)
    await notebook.runAll()
    await shown(page, 'ended first')
    await page.keyboard.press('Control+s')
    await page.waitForFunction(() => !(globalThis as unknown as { document: { title: string } }).document.title.startsWith('*'))
    await type(page, `middle ${name}`)
    await shown(page, `began middle ${name}`)
  }

  /** A new page shows what runs, and what comes of it. */
  async function assertGoesOn(page: Page, name: string): Promise<void> {
    await NotebookPage.open(page, lab, `${name}.ipynb`)
    await shown(page, `began middle ${name}`)
    assert.equal(await page.locator('.widget-interact .widget-text input').inputValue(), `middle ${name}`)
    await allow(`middle ${name}`)
    await shown(page, `ended middle ${name}`)
    await assertWorks(page, name)
  }

  /** The controls work, one run at a time, and nothing is left behind. */
  async function assertWorks(page: Page, name: string): Promise<void> {
    await allow(`last ${name}`)
    await type(page, `last ${name}`)
    await shown(page, `ended last ${name}`)
    assert.equal(await valueIn(page, 'String([runs.ended >= 3, activeChildren().length])'), "'true,0'")
  }

  async function allow(name: string): Promise<void> {
    await writeFile(join(folder.path, name), '')
  }

  async function type(page: Page, name: string): Promise<void> {
    await page.locator('.widget-interact .widget-text input').fill(name)
  }

  async function shown(page: Page, text: string): Promise<void> {
    await output(page).getByText(text).waitFor()
  }

  function output(page: Page): Locator {
    return page.locator('.widget-interact .jp-OutputArea')
  }

  async function hold(page: Page): Promise<void> {
    const box = await page.locator('.widget-interact .noUi-handle').boundingBox()
    assert.ok(box)
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2 + 40, box.y + box.height / 2)
  }
})
