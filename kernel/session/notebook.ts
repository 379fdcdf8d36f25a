import { type Declaration, isConstant } from '../language/declarations.ts'
import { type TransformedCell, type TransformOptions, transformCell } from '../language/transform.ts'
import type { CellSource } from '../parallel/protocol.ts'

/** Positions of older cells are forgotten: who keeps a session for weeks should not pay for every cell ever run. */
const CELLS_KEPT = 2000

/** What the cells that ran have declared, and where their lines are. */
export class Notebook {
  readonly #declared = new Map<string, Declaration>()
  readonly #cells = new Map<string, { readonly cell: TransformedCell; readonly source: CellSource }>()

  /** Transforms a cell that is about to run. What it declares in `session` form is the notebook's from now on. */
  transform(source: string, file: string, form: TransformOptions['form']): TransformedCell {
    const options: TransformOptions = { filename: file, form, constants: this.#constants() }
    const cell = transformCell(source, options)
    if (form === 'session') for (const [name, declaration] of cell.declared) this.#declared.set(name, declaration)
    this.#cells.set(file, { cell, source: { source, options } })
    const [oldest] = this.#cells.keys()
    if (this.#cells.size > CELLS_KEPT && oldest !== undefined) this.#cells.delete(oldest)
    return cell
  }

  source(file: string): CellSource | undefined {
    return this.#cells.get(file)?.source
  }

  cell(file: string): TransformedCell | undefined {
    return this.#cells.get(file)?.cell
  }

  declaration(name: string): Declaration | undefined {
    return this.#declared.get(name)
  }

  names(): readonly string[] {
    return [...this.#declared.keys()]
  }

  /** Names that a cell must not assign to. */
  #constants(): ReadonlySet<string> {
    const constant = [...this.#declared].filter(([, declaration]) => isConstant(declaration))
    return new Set(constant.map(([name]) => name))
  }
}
