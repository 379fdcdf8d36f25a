import { type BufferPath, joinBuffers, splitBuffers } from '../../comms/buffers.ts'
import type { Content, Message } from '../../wire/messages.ts'
import type { JsonObject } from './notebook.ts'

const FORMAT = 'application/vnd.jupyter.widget-state+json'

/** The widgets of a kernel as they are, so that a notebook shows them without one, as Jupyter saves them. */
export class WidgetStates {
  readonly #states = new Map<string, Content>()

  /** Takes a message of iopub. */
  take({ header: { msg_type: type }, content, buffers }: Message): void {
    const id = String(content['comm_id'])
    const { state, buffer_paths: paths } = (content['data'] ?? {}) as { readonly state?: Content; readonly buffer_paths?: readonly BufferPath[] }
    const known = this.#states.get(id)
    if (type === 'comm_close') this.#states.delete(id)
    else if (state && (known || (type === 'comm_open' && content['target_name'] === 'jupyter.widget'))) this.#states.set(id, { ...known, ...joinBuffers(state, paths, buffers) })
  }

  /** Whether there are some that show what something else runs. */
  get canRun(): boolean {
    return [...this.#states.values()].some(({ _model_name: name }) => name === 'OutputModel')
  }

  /** What belongs into the notebook's metadata; nothing where there are no widgets. */
  get metadata(): JsonObject {
    if (this.#states.size === 0) return {}
    const state = Object.fromEntries([...this.#states].map(([id, each]) => [id, saved(each)]))
    return { widgets: { [FORMAT]: { version_major: 2, version_minor: 0, state } } }
  }
}

function saved(whole: Content): JsonObject {
  const { state, buffer_paths: paths, buffers } = splitBuffers(whole)
  const encoded = buffers.map((buffer, index) => ({ encoding: 'base64', path: paths[index], data: Buffer.from(buffer).toString('base64') }))
  const { _model_name: model_name, _model_module: model_module, _model_module_version: model_module_version } = state
  return { model_name, model_module, model_module_version, state, ...(encoded.length > 0 && { buffers: encoded }) } as unknown as JsonObject
}
