import { joinBuffers, splitBuffers } from '../../comms/buffers.ts'
import type { CommMessage, Owner } from '../../session/protocol.ts'
import { broadcastOf, type Content, type Message } from '../../wire/messages.ts'
import type { Parents } from '../parents.ts'
import { CapturedOutputs } from './captured.ts'
import type { CapturedEvent } from './event.ts'

const WIDGET = 'jupyter.widget'
const CONTROL = 'jupyter.widget.control'

interface Known {
  readonly target: string
  /** Of widgets: all their state, binary values in their places. */
  state: Content
  /** Of Output widgets that have captured something. */
  captured?: CapturedOutputs
}

export interface MirrorOptions {
  readonly parents: Parents
  /** Sends on iopub; must not reject. */
  readonly publish: (message: Message) => Promise<void>
}

/**
 * What the front knows of the session's comms: which are open, the state of each widget, what Output widgets have
 * captured. So a page that was loaded again gets all of it, also while a cell blocks the session's main thread.
 */
export class CommMirror {
  readonly #options: MirrorOptions
  readonly #known = new Map<string, Known>()

  constructor(options: MirrorOptions) {
    this.#options = options
  }

  knows(id: string): boolean {
    return this.#known.has(id)
  }

  /** The content of a comm_info_reply. */
  list(target?: string): Readonly<Record<string, { readonly target_name: string }>> {
    const chosen = [...this.#known].filter(([, known]) => target === undefined || known.target === target)
    return Object.fromEntries(chosen.map(([id, known]) => [id, { target_name: known.target }]))
  }

  /** Takes note of what the session says on a comm, and passes it on. */
  async fromSession(owner: Owner, comm: CommMessage): Promise<void> {
    const { kind, content, metadata, buffers } = comm
    if (kind === 'open') this.#opened(comm)
    else if (kind === 'close') this.#known.delete(content.comm_id)
    else this.#updated(comm)
    await this.#say(`comm_${kind}`, owner.cell, content, metadata, buffers)
  }

  /** Answers what a front end asks about the state of widgets. `false`: it is for the session. */
  async fromClient(request: Message, { kind, content }: CommMessage): Promise<boolean> {
    const id = content.comm_id
    if (kind === 'open') this.#known.set(id, { target: String(content['target_name']), state: {} })
    const known = this.#known.get(id)
    if (kind === 'close') this.#known.delete(id)
    const method = (content['data'] as Content | undefined)?.['method']
    if (known?.target === CONTROL) {
      if (kind === 'msg' && method === 'request_states') await this.#tellAll(request, id)
      return true
    }
    if (kind !== 'msg' || known?.target !== WIDGET || method !== 'request_state') return false
    await this.#tellState(request, id, known)
    return true
  }

  /** What an Output widget shows. */
  outputsOf(id: string): unknown {
    const known = this.#known.get(id)
    return known?.captured?.outputs ?? known?.state['outputs']
  }

  /** Puts an output into the Output widget that captures it. `false`: there is none, or it is closed. */
  async capture(id: string, event: CapturedEvent): Promise<boolean> {
    const known = this.#known.get(id)
    if (!known) return false
    known.captured ??= this.#capturing(id, known)
    await known.captured.take(event)
    return true
  }

  /** Shows an update of a display in each Output widget that has it. `false`: none has. */
  async update(event: Extract<CapturedEvent, { type: 'display' }>): Promise<boolean> {
    const found = [...this.#known.values()].flatMap(({ captured }) => (captured?.has(event.displayId) ? [captured] : []))
    await Promise.all(found.map(captured => captured.take(event)))
    return found.length > 0
  }

  /** The session is gone, and its comms with it. */
  async closeAll(): Promise<void> {
    const ids = [...this.#known.keys()]
    for (const { captured } of this.#known.values()) captured?.[Symbol.dispose]()
    this.#known.clear()
    for (const id of ids) await this.#say('comm_close', '', { comm_id: id, data: {} })
  }

  #opened({ content, buffers }: CommMessage): void {
    const { state = {}, buffer_paths: paths } = content['data'] as { readonly state?: Content; readonly buffer_paths?: unknown }
    this.#known.set(content.comm_id, { target: String(content['target_name']), state: joinBuffers(state, paths, buffers) })
  }

  #updated({ content, buffers }: CommMessage): void {
    const known = this.#known.get(content.comm_id)
    const data = content['data'] as Content
    if (!known || (data['method'] !== 'update' && data['method'] !== 'echo_update')) return
    const state = joinBuffers(data['state'] as Content, data['buffer_paths'], buffers)
    known.state = { ...known.state, ...state }
    if (Array.isArray(state['outputs'])) known.captured?.replace(state['outputs'] as readonly Content[])
  }

  #capturing(id: string, known: Known): CapturedOutputs {
    return new CapturedOutputs(async (outputs, cell) => {
      known.state = { ...known.state, outputs }
      if (this.#known.get(id) === known) await this.#say('comm_msg', cell, { comm_id: id, data: { method: 'update', state: { outputs }, buffer_paths: [] } })
    })
  }

  async #tellAll(request: Message, id: string): Promise<void> {
    const widgets = [...this.#known].filter(([, { target }]) => target === WIDGET)
    const states = Object.fromEntries(widgets.map(([widget, { state }]) => [widget, { ...modelOf(state), state }]))
    const { state, buffer_paths, buffers } = splitBuffers(states)
    const data = { method: 'update_states', states: state, buffer_paths }
    await this.#options.publish(broadcastOf(request, 'comm_msg', { comm_id: id, data }, { buffers }))
  }

  async #tellState(request: Message, id: string, known: Known): Promise<void> {
    const { buffers, ...rest } = splitBuffers(known.state)
    await this.#options.publish(broadcastOf(request, 'comm_msg', { comm_id: id, data: { method: 'update', ...rest } }, { buffers }))
  }

  async #say(type: string, cell: string, content: Content, metadata: Content = {}, buffers: readonly Uint8Array[] = []): Promise<void> {
    const { parents, publish } = this.#options
    await publish(broadcastOf(parents.find(cell)?.message, type, content, { metadata, buffers }))
  }
}

function modelOf(state: Content): Content {
  return { model_name: state['_model_name'], model_module: state['_model_module'], model_module_version: state['_model_module_version'] }
}
