import { after, before, beforeEach } from 'node:test'
import { FrontEnd } from './front-end.ts'
import { ran, type RunningKernel, startKernel } from './running-kernel.ts'
import type { Answered } from '../support/jupyter-client.ts'

/** A notebook with widgets, and the page that shows it. */
export class WidgetNotebook implements AsyncDisposable {
  readonly kernel: RunningKernel
  page: FrontEnd
  #cells = 0

  private constructor(kernel: RunningKernel) {
    this.kernel = kernel
    this.page = new FrontEnd(kernel.client)
  }

  /** One in which `widgets` is the module of that name. */
  static async open(): Promise<WidgetNotebook> {
    const kernel = await startKernel()
    await ran(kernel.client, "import * as widgets from 'paracell/widgets'")
    return new WidgetNotebook(kernel)
  }

  /** Runs a cell that has an id, as a notebook's cells do. */
  async runCell(code: string, cellId = `cell-${++this.#cells}`): Promise<Answered> {
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: true, stop_on_error: true }
    return this.kernel.client.request('execute_request', content, { metadata: { cellId } })
  }

  /** Closes the widgets of the last cell as a notebook does, whose cell runs again; a new page knows only what comes. */
  async clear(): Promise<void> {
    await this.runCell('0', `cell-${this.#cells}`)
    this.kernel.client.iopub.length = 0
    this.page = new FrontEnd(this.kernel.client)
  }

  /** A new subshell: what a header says to be for it. */
  async subshell(): Promise<{ readonly subshell_id: string }> {
    const { reply } = await this.kernel.client.request('create_subshell_request', {}, { channel: 'control' })
    return { subshell_id: String(reply.content['subshell_id']) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kernel[Symbol.asyncDispose]()
  }
}

export let notebook: WidgetNotebook
export let kernel: RunningKernel
/** What shows the notebook: it knows only what came since the test began. */
export let page: FrontEnd

/** All tests of the file share a notebook; each begins without the widgets of the one before. */
export function useWidgetNotebook(): void {
  before(async () => {
    notebook = await WidgetNotebook.open()
    kernel = notebook.kernel
  })
  after(() => notebook[Symbol.asyncDispose]())
  beforeEach(async () => {
    await notebook.clear()
    page = notebook.page
  })
}

export const runCell: WidgetNotebook['runCell'] = (code, cellId) => notebook.runCell(code, cellId)
