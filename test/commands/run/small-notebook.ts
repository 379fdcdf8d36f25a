import { readFile, writeFile } from 'node:fs/promises'
import { stripVTControlCharacters } from 'node:util'

interface Part {
  readonly source: string
  readonly tags?: readonly string[]
}

interface CellInFile {
  readonly id: string
  readonly cell_type: string
  readonly source: readonly string[]
  readonly metadata: { readonly tags?: readonly string[] }
  readonly execution_count?: number | null
  readonly outputs?: readonly Record<string, unknown>[]
}

const METADATA = { kernelspec: { name: 'paracell', display_name: 'TypeScript (Paracell)', language: 'typescript' } }

/** The file of a notebook with these code cells. */
export function notebookOf(cells: readonly (string | Part)[], fields: object = {}): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: METADATA,
    cells: cells.map(asPart).map(({ source, tags }, index) => ({
      id: `cell-${index + 1}`,
      cell_type: 'code',
      source,
      metadata: tags ? { tags } : {},
      execution_count: 99,
      outputs: [{ output_type: 'stream', name: 'stdout', text: ['from before'] }],
    })),
    ...fields,
  })
}

export async function writeNotebookOf(file: string, ...cells: (string | Part)[]): Promise<void> {
  await writeFile(file, notebookOf(cells))
}

export async function cellsIn(file: string): Promise<readonly CellInFile[]> {
  return (JSON.parse(await readFile(file, 'utf8')) as { cells: CellInFile[] }).cells
}

/** What each cell of a file shows, as text: streams with their names before them, results, the error's message. */
export async function shownIn(file: string): Promise<string[]> {
  return (await cellsIn(file)).map(({ outputs = [] }) => outputs.map(textOf).join(' | '))
}

function textOf({ name, text, data, ename, evalue }: Record<string, unknown>): string {
  if (ename !== undefined) return `${String(ename)}: ${String(evalue)}`
  const shown = text ?? (data as Record<string, unknown>)['text/plain']
  const joined = stripVTControlCharacters((shown as string[]).join(''))
  return name === undefined ? joined : `${String(name)}: ${joined}`
}

function asPart(cell: string | Part): Part {
  return typeof cell === 'string' ? { source: cell } : cell
}
