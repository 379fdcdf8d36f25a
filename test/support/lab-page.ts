import type { Page } from 'playwright-core'
import type { JupyterLab } from './jupyterlab.ts'

/** A cell as JupyterLab holds it. */
export interface Cell {
  readonly cell_type: string
  readonly source: string
  readonly execution_count?: number | null
  readonly outputs?: readonly Output[]
}

interface Output {
  readonly output_type: string
  readonly text?: string | readonly string[]
  readonly data?: Readonly<Record<string, unknown>>
  readonly evalue?: string
}

/** What JupyterLab offers to whoever is in its page, as far as it is used here. */
interface App {
  readonly shell: { readonly currentWidget: Notebook | null }
}

interface Notebook {
  readonly context: { readonly path: string }
  readonly sessionContext: { readonly kernelDisplayStatus: string }
  readonly content: { readonly model: { toJSON(): { readonly cells: readonly Cell[] } } | null }
}

/** A notebook in JupyterLab, used as a person does: by the menu. */
export class NotebookPage {
  readonly page: Page
  readonly #path: string

  private constructor(page: Page, path: string) {
    this.page = page
    this.#path = path
  }

  /** Opens a notebook; resolves when its kernel is ready. */
  static async open(page: Page, lab: JupyterLab, path: string): Promise<NotebookPage> {
    // Without `reset` it comes back to the tabs of the last page.
    await page.goto(`${lab.url(`/lab/tree/${path}`)}&reset`)
    const notebook = new NotebookPage(page, path)
    await notebook.#idle()
    return notebook
  }

  /** Run → Run All Cells; resolves to the cells when all have run. */
  async runAll(): Promise<readonly Cell[]> {
    await this.page.getByRole('menuitem', { name: 'Run', exact: true }).click()
    await this.page.getByRole('menuitem', { name: 'Run All Cells', exact: true }).click()
    await this.page.waitForFunction(() => {
      const app = (globalThis as unknown as { jupyterapp: App }).jupyterapp
      const cells = app.shell.currentWidget?.content.model?.toJSON().cells.filter(({ cell_type }) => cell_type === 'code')
      return cells?.every(({ execution_count }) => typeof execution_count === 'number')
    })
    await this.#idle()
    return this.cells()
  }

  async cells(): Promise<readonly Cell[]> {
    return this.page.evaluate(() => {
      const app = (globalThis as unknown as { jupyterapp: App }).jupyterapp
      return app.shell.currentWidget?.content.model?.toJSON().cells ?? []
    })
  }

  async #idle(): Promise<void> {
    await this.page.waitForFunction((path) => {
      const notebook = (globalThis as unknown as { jupyterapp?: App }).jupyterapp?.shell.currentWidget
      return notebook?.context?.path === path && notebook.sessionContext.kernelDisplayStatus === 'idle'
    }, this.#path)
  }
}

/** What an expression comes to in the kernel of the notebook that a page shows, as text. */
export async function valueIn(page: Page, expression: string): Promise<string> {
  return page.evaluate(async code => {
    interface Kernel {
      requestExecute(content: object): { onIOPub: (message: { content: { data?: Record<string, string> } }) => void; done: Promise<unknown> }
    }
    const app = (globalThis as unknown as { jupyterapp: { shell: { currentWidget: { sessionContext: { session: { kernel: Kernel } } } } } }).jupyterapp
    const future = app.shell.currentWidget.sessionContext.session.kernel.requestExecute({ code, store_history: false })
    let text = ''
    future.onIOPub = ({ content }) => {
      text = content.data?.['text/plain'] ?? text
    }
    await future.done
    return text
  }, expression)
}

/** What a cell shows, as text. */
export function textOf({ outputs = [] }: Cell): string {
  return outputs.map((output) => joined(output.text ?? output.evalue ?? (output.data?.['text/plain'] as string))).join('')
}

function joined(text: string | readonly string[] | undefined): string {
  return typeof text === 'string' ? text : (text ?? []).join('')
}
