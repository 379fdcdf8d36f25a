import { randomBytes } from 'node:crypto'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/** A notebook of nbformat 4, its multi-line texts as strings. */
export interface Notebook {
  readonly nbformat: number
  readonly nbformat_minor: number
  readonly metadata: JsonObject
  readonly cells: readonly Cell[]
}

export type Cell = CodeCell | OtherCell

export interface CodeCell extends CellBase {
  readonly cell_type: 'code'
  readonly execution_count: number | null
  readonly outputs: readonly Output[]
}

interface OtherCell extends CellBase {
  readonly cell_type: 'markdown' | 'raw'
  readonly attachments?: JsonObject
}

interface CellBase {
  readonly id: string
  readonly metadata: JsonObject
  readonly source: string
}

export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput

export interface StreamOutput {
  readonly output_type: 'stream'
  readonly name: string
  readonly text: string
}

export interface DisplayOutput {
  readonly output_type: 'display_data'
  readonly data: JsonObject
  readonly metadata: JsonObject
}

export interface ResultOutput {
  readonly output_type: 'execute_result'
  readonly execution_count: number | null
  readonly data: JsonObject
  readonly metadata: JsonObject
}

export interface ErrorOutput {
  readonly output_type: 'error'
  readonly ename: string
  readonly evalue: string
  readonly traceback: readonly string[]
}

export function isCode(cell: Cell): cell is CodeCell {
  return cell.cell_type === 'code'
}

export function hasTag({ metadata }: Cell, tag: string): boolean {
  const tags = metadata['tags']
  return Array.isArray(tags) && tags.includes(tag)
}

/** A code cell that hasn't run. */
export function newCodeCell(source: string, tags: readonly string[]): CodeCell {
  return { id: newCellId(), cell_type: 'code', metadata: { tags }, source, execution_count: null, outputs: [] }
}

/** As short as those that Jupyter makes. */
export function newCellId(): string {
  return randomBytes(4).toString('hex')
}
