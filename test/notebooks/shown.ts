import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { CellStory, Line, Parameters, Story } from './stories.ts'

/** A notebook's file, as far as the tests look at it. */
export interface NotebookFile {
  readonly metadata: { readonly kernelspec: { readonly name: string }; readonly language_info: { readonly name: string } }
  readonly cells: readonly CellInFile[]
}

export interface CellInFile {
  readonly id: string
  readonly cell_type: string
  readonly metadata: { readonly tags?: readonly string[] }
  readonly source: readonly string[]
  readonly execution_count?: number | null
  readonly outputs?: readonly OutputInFile[]
}

interface OutputInFile {
  readonly output_type: string
  readonly name?: string
  readonly text?: readonly string[]
  readonly data?: { readonly 'text/plain'?: readonly string[] }
}

export function readNotebookFile(path: string): NotebookFile {
  return JSON.parse(readFileSync(path, 'utf8')) as NotebookFile
}

/** Fails unless all cells ran, none failed, and each shows what its story says. */
export function assertTold(story: Story, parameters: Parameters, { cells }: NotebookFile): void {
  const code = cells.filter(({ cell_type }) => cell_type === 'code')
  assert.deepEqual(code.map(({ execution_count }) => execution_count), code.map((_, index) => index + 1))
  for (const [id, expected] of Object.entries(story.cells(parameters))) {
    const cell = code.find((each) => each.id === id)
    assert.ok(cell, `there is no cell ${id}`)
    assertCell(cell, expected)
  }
}

function assertCell(cell: CellInFile, { stdout, stderr, result }: CellStory): void {
  const outputs = cell.outputs ?? []
  assert.ok(!outputs.some(({ output_type }) => output_type === 'error'), `${cell.id} failed`)
  const text = streamOf(outputs, 'stdout')
  if (stdout instanceof RegExp) assert.match(text, stdout)
  else assert.deepEqual(mixedUp(text, stdout ?? []), [], `${cell.id} printed:\n${text}`)
  if (stderr !== undefined) assert.equal(streamOf(outputs, 'stderr'), stderr)
  const value = outputs.find(({ output_type }) => output_type === 'execute_result')?.data?.['text/plain']?.join('')
  assert.equal(value, result)
}

function streamOf(outputs: readonly OutputInFile[], name: string): string {
  return outputs.filter((output) => output.name === name).flatMap(({ text = [] }) => text).join('')
}

/** Lines that are no writer's next one, and next ones that never came. */
function mixedUp(text: string, writers: readonly (readonly Line[])[]): readonly unknown[] {
  const left = writers.map((lines) => [...lines])
  const strange = text.split('\n').slice(0, -1).filter((line) => {
    const writer = left.find(([next]) => next !== undefined && (next instanceof RegExp ? next.test(line) : next === line))
    return writer?.shift() === undefined
  })
  return [...strange, ...left.flat()]
}
