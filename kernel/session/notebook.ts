import { keepNewest } from '../keep-newest.ts'
import { type Declaration, isConstant, isHelper } from '../language/declarations.ts'
import { type TransformedCell, type TransformOptions, transformCell } from '../language/transform.ts'
import type { CellSource } from '../parallel/protocol.ts'

/** Positions of older cells are forgotten: who keeps a session for weeks should not pay for every cell ever run. */
const CELLS_KEPT = 2000
const TRANSFORMS_KEPT = 200

/** What the cells that ran have declared, and where their lines are. */
export class Notebook {
  readonly #declared = new Map<string, Declaration>()
  /** The TypeScript of the cells that did. */
  readonly #sources = new Map<string, string>()
  /** Names that a cell must not assign to. A new set whenever it changes. */
  #constants = new Set<string>()
  readonly #transforms = new Map<string, { readonly cell: TransformedCell; readonly constants: TransformOptions['constants'] }>()
  readonly #cells = new Map<string, { readonly cell: TransformedCell; readonly source: CellSource }>()

  /** Transforms a cell that is about to run. What it declares in `session` form is the notebook's from now on. */
  transform(source: string, file: string, form: TransformOptions['form']): TransformedCell {
    const options: TransformOptions = { filename: file, form, constants: this.#constants }
    const cell = this.#transformed(source, options)
    if (form === 'session') for (const [name, declaration] of cell.declared) this.#declare(name, declaration, source)
    this.#cells.set(file, { cell, source: { source, options } })
    keepNewest(this.#cells, CELLS_KEPT)
    return cell
  }

  /** Who runs a cell again, which is what notebooks are for, gets what was made of it before. */
  #transformed(source: string, options: TransformOptions): TransformedCell {
    const key = `${options.form} ${source}`
    const known = this.#transforms.get(key)
    if (known && known.constants === options.constants) return known.cell.named(options.filename)
    const cell = transformCell(source, options)
    this.#transforms.set(key, { cell, constants: options.constants })
    keepNewest(this.#transforms, TRANSFORMS_KEPT)
    return cell
  }

  #declare(name: string, declaration: Declaration, source: string): void {
    this.#declared.set(name, declaration)
    this.#sources.set(name, source)
    if (this.#constants.has(name) === isConstant(declaration)) return
    this.#constants = new Set(this.#constants)
    if (isConstant(declaration)) this.#constants.add(name)
    else this.#constants.delete(name)
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

  /** The TypeScript of the cell that declares a name, or seems to declare a type of that name. */
  cellDeclaring(name: string): string | undefined {
    const isType = new RegExp(`\\b(?:interface|type)\\s+${RegExp.escape(name)}(?![\\p{ID_Continue}$])`, 'u')
    return this.#sources.get(name) ?? [...this.#cells.values()].findLast(({ source: { source, options } }) => options.form === 'session' && isType.test(source))?.source.source
  }

  /** What cells have declared themselves. */
  names(): readonly string[] {
    return [...this.#declared].flatMap(([name, declaration]) => (declaration.kind === 'import' && isHelper(declaration.specifier) ? [] : [name]))
  }
}
