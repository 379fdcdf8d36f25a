import type { Content, Message } from '../../wire/messages.ts'
import type { JsonObject, Output } from './notebook.ts'

/** Collects what cells show, as front ends do: neighbours of one stream joined, displays updated by their id. */
export class Outputs<Cell> {
  readonly #cells = new Map<Cell, CellOutputs>()
  readonly #displays = new Map<string, Place[]>()

  /** Takes a message of iopub whose request ran the cell. */
  take(cell: Cell, { header, content }: Message): void {
    const outputs = this.#cells.get(cell) ?? { shown: [], clearFirst: false }
    this.#cells.set(cell, outputs)
    takers[header.msg_type]?.(outputs, content, this.#displays)
  }

  /** What a cell shows by now. */
  of(cell: Cell): readonly Output[] {
    return this.#cells.get(cell)?.shown ?? []
  }
}

interface CellOutputs {
  shown: Output[]
  /** `clear_output` asked to wait until there is something new. */
  clearFirst: boolean
}

/** Where an output with a display id is. */
interface Place {
  readonly outputs: CellOutputs
  output: Output
}

type Displays = Map<string, Place[]>
type Taker = (outputs: CellOutputs, content: Content, displays: Displays) => void

const takers: Readonly<Record<string, Taker>> = {
  stream(outputs, { name, text }) {
    clearIfAsked(outputs)
    const last = outputs.shown.at(-1)
    const joins = last?.output_type === 'stream' && last.name === name
    if (joins) outputs.shown.pop()
    outputs.shown.push({ output_type: 'stream', name: String(name), text: `${joins ? last.text : ''}${String(text)}` })
  },
  display_data: show,
  execute_result: show,
  update_display_data(_outputs, content, displays) {
    for (const place of displays.get(displayId(content)) ?? []) {
      const updated = { ...place.output, ...bundleOf(content) } as Output
      place.outputs.shown = place.outputs.shown.map((output) => (output === place.output ? updated : output))
      place.output = updated
    }
  },
  error(outputs, { ename, evalue, traceback }) {
    clearIfAsked(outputs)
    outputs.shown.push({ output_type: 'error', ename, evalue, traceback } as Output)
  },
  clear_output(outputs, { wait }) {
    if (wait === true) outputs.clearFirst = true
    else outputs.shown = []
  },
}

function show(outputs: CellOutputs, content: Content, displays: Displays): void {
  clearIfAsked(outputs)
  const count = content['execution_count'] as number | undefined
  const output: Output =
    count === undefined
      ? { output_type: 'display_data', ...bundleOf(content) }
      : { output_type: 'execute_result', execution_count: count, ...bundleOf(content) }
  outputs.shown.push(output)
  const id = displayId(content)
  if (id) displays.set(id, [...(displays.get(id) ?? []), { outputs, output }])
}

function clearIfAsked(outputs: CellOutputs): void {
  if (outputs.clearFirst) outputs.shown = []
  outputs.clearFirst = false
}

function bundleOf({ data, metadata }: Content): { data: JsonObject; metadata: JsonObject } {
  return { data: data as JsonObject, metadata: metadata as JsonObject }
}

function displayId({ transient }: Content): string {
  return String((transient as { display_id?: string } | undefined)?.display_id ?? '')
}
