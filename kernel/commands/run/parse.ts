import { UsageError } from '../../errors.ts'
import { type Cell, type Json, type JsonObject, newCellId, type Notebook } from './notebook.ts'

const KERNELSPEC = { display_name: 'TypeScript (Paracell)', language: 'typescript', name: 'paracell' } as const

/**
 * Reads the content of a notebook's file; older versions of nbformat 4 become 4.5, whose cells have ids.
 *
 * @param file how errors call it
 * @throws UsageError that names the file and says what is wrong with it
 */
export function parseNotebook(json: string, file: string): Notebook {
  const fail = (problem: string): never => {
    throw new UsageError(`${file} ${problem}`)
  }
  const { nbformat, nbformat_minor: minor, metadata = {}, cells, ...rest } = parseObject(json, fail)
  if (typeof nbformat !== 'number' || (nbformat === 4 && !Array.isArray(cells))) return fail('is not a notebook: it has no nbformat or no cells.')
  if (nbformat !== 4) fail(`is a notebook of format ${nbformat}, and only 4 can be run: open it in JupyterLab and save it.`)
  if (!isObject(metadata)) return fail('is not a notebook: its metadata is not an object.')
  assertTypeScript(metadata, fail)
  return {
    ...rest,
    nbformat,
    nbformat_minor: Math.max(5, typeof minor === 'number' ? minor : 0),
    metadata: { ...metadata, kernelspec: metadata['kernelspec'] ?? KERNELSPEC },
    cells: (cells as readonly Json[]).map((cell, index) => readCell(cell, index, fail)),
  }
}

type Fail = (problem: string) => never

function parseObject(json: string, fail: Fail): JsonObject {
  let value: Json
  try {
    value = JSON.parse(json) as Json
  } catch (cause) {
    return fail(`is not a notebook: it is not JSON (${(cause as Error).message}).`)
  }
  return isObject(value) ? value : fail('is not a notebook: it is not a JSON object.')
}

/** A notebook that says nothing about its kernel is taken at its word on the command line. */
function assertTypeScript({ kernelspec, language_info: info }: JsonObject, fail: Fail): void {
  const { name, language } = (isObject(kernelspec) ? kernelspec : {}) as { name?: Json, language?: Json }
  if (name === 'paracell' || language === 'typescript') return
  const written = language ?? (isObject(info) ? info['name'] : undefined)
  if (name === undefined && (written === undefined || written === 'typescript')) return
  fail(`is for another kernel, ${String(name ?? 'one')} (${String(written ?? 'no language given')}): choose "${KERNELSPEC.display_name}" in JupyterLab and save it.`)
}

function readCell(cell: Json, index: number, fail: Fail): Cell {
  const kind = isObject(cell) ? cell['cell_type'] : undefined
  if (!isObject(cell) || (kind !== 'code' && kind !== 'markdown' && kind !== 'raw')) {
    return fail(`is not a notebook: its cell ${index + 1} is no code, markdown or raw cell.`)
  }
  const read = { id: newCellId(), ...cell, metadata: cell['metadata'] ?? {}, source: joined(cell['source'] ?? '') }
  // What it printed before is of no use: the cell is run, or comes after one that failed.
  return (kind === 'code' ? { ...read, execution_count: null, outputs: [] } : read) as unknown as Cell
}

function joined(text: Json): Json {
  return Array.isArray(text) ? text.join('') : text
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
