import { chromium, type Page } from 'playwright-core'
import { pathOf } from './system.ts'

const FLAGS = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
]

export interface OpenBrowser extends AsyncDisposable {
  readonly page: Page
  newPage(): Promise<Page>
  /** Ends it in the middle of what it does; resolves when it is gone. */
  kill(): Promise<void>
}

/** The system's Chromium with one page; ends when disposed of. */
export async function openBrowser(): Promise<OpenBrowser> {
  const server = await chromium.launchServer({ executablePath: pathOf('chromium') ?? '', args: FLAGS })
  const browser = await chromium.connect(server.wsEndpoint())
  const newPage = () => browser.newPage({ viewport: { width: 1280, height: 900 } })
  return { page: await newPage(), newPage, kill: () => server.kill(), [Symbol.asyncDispose]: () => server.close() }
}
