import { chromium, type Page } from 'playwright-core'
import { pathOf } from './system.ts'

const FLAGS = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
]

/** The system's Chromium with one page; ends when disposed of. */
export async function openBrowser(): Promise<AsyncDisposable & { readonly page: Page }> {
  const browser = await chromium.launch({ executablePath: pathOf('chromium') ?? '', args: FLAGS })
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  return { page, [Symbol.asyncDispose]: () => browser.close() }
}
