import type { JupyterClient } from '../support/jupyter-client.ts'
import { typeOf } from '../support/jupyter-client.ts'
import type { Fields, WireMessage } from '../support/message-spec.ts'

interface Data {
  readonly method?: string
  readonly state?: Fields
  readonly content?: unknown
}

/** The widgets of a kernel as a front end that has seen all messages has them. */
export class FrontEnd {
  readonly #client: JupyterClient

  constructor(client: JupyterClient) {
    this.#client = client
  }

  /** All messages about comms, in order. */
  get messages(): readonly WireMessage[] {
    return this.#client.iopub.filter(message => typeOf(message).startsWith('comm_'))
  }

  /** The open widgets of a model, by their ids, in the order in which they were opened. */
  find(model: string): readonly string[] {
    const opened = this.messages.filter(message => typeOf(message) === 'comm_open' && dataOf(message).state?.['_model_name'] === model).map(message => String(idOf(message)))
    const closed = new Set(this.messages.filter(message => typeOf(message) === 'comm_close').map(message => String(idOf(message))))
    return opened.filter(id => !closed.has(id))
  }

  /** The only open widget of a model. */
  one(model: string): string {
    const found = this.find(model)
    const [only] = found
    if (only === undefined || found.length > 1) throw new Error(`There are ${found.length} widgets with the model ${model}`)
    return only
  }

  state(id: string): Fields {
    const states = this.messages.filter(message => idOf(message) === id).map(message => dataOf(message).state ?? {})
    return Object.assign({}, ...states) as Fields
  }

  /** What an Output widget shows, as text. */
  shown(id: string): string {
    const outputs = (this.state(id)['outputs'] ?? []) as readonly { readonly text?: string; readonly data?: Fields; readonly ename?: string; readonly evalue?: string }[]
    return outputs.map(({ text, data, ename, evalue }) => text ?? data?.['text/plain'] ?? `${ename}: ${evalue}`).join('|')
  }

  /** Resolves when an Output widget shows text that fits. */
  async showing(id: string, pattern: RegExp): Promise<string> {
    while (!pattern.test(this.shown(id))) await this.#client.waitFor(message => idOf(message) === id)
    return this.shown(id)
  }

  /** As a user does by a control. Resolves when the kernel has taken it. */
  async set(id: string, state: Fields, options: { readonly buffers?: readonly Uint8Array[]; readonly paths?: readonly unknown[]; readonly header?: Fields } = {}): Promise<void> {
    const { buffers = [], paths = [], header = {} } = options
    await this.#client.notify('comm_msg', { comm_id: id, data: { method: 'update', state, buffer_paths: paths } }, { buffers, header })
  }

  async custom(id: string, content: Fields): Promise<void> {
    await this.#client.notify('comm_msg', { comm_id: id, data: { method: 'custom', content } })
  }
}

export function idOf({ content }: WireMessage): unknown {
  return content['comm_id']
}

export function dataOf({ content }: WireMessage): Data {
  return (content['data'] ?? {}) as Data
}
