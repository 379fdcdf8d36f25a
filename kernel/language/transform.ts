import MagicString from 'magic-string'
import type { Node, VariableDeclaration } from 'oxc-parser'
import { declarationsOf, isConstant, variables, type Declaration } from './declarations.ts'
import { editCommon } from './common-edits.ts'
import { toOriginal, type Position } from './positions.ts'
import { visitScoped, type Visit } from './scopes.ts'
import { editSession } from './session-form.ts'
import { toJavaScript, type JavaScript } from './typescript.ts'
import { editWorker } from './worker-form.ts'

export type { Declaration } from './declarations.ts'
export { CellSyntaxError } from './syntax-error.ts'

export interface TransformedCell {
  /** JavaScript, ending with `//# sourceURL=<filename>`. */
  readonly code: string
  /** Top-level values that the cell declares, by name. */
  readonly declared: ReadonlyMap<string, Declaration>
  /** From a place in `code` to the place in the cell, or undefined for what the cell doesn't contain. All 1-based, in UTF-16 code units. */
  original(line: number, column: number): Position | undefined
}

export interface TransformOptions {
  /** Shown in stack frames. Without white space, since V8 would ignore it. */
  readonly filename: string
  /**
   * `session`: a script for V8's REPL mode, whose declarations later cells may declare anew.
   * `worker`: one expression, an async function that answers the cell's value; its declarations are local to it.
   */
  readonly form: 'session' | 'worker'
  /** Names that earlier cells declared as constants and nobody declared anew. */
  readonly constants?: ReadonlySet<string>
}

/** A cell on its way: the edits to make, and what is known about its names. */
export interface Draft extends JavaScript {
  readonly edits: MagicString
  readonly declared: ReadonlyMap<string, Declaration>
  /** `var` declarations outside of functions, however deep in blocks, each with the node it is in. */
  readonly vars: ReadonlyMap<VariableDeclaration, Node | null>
  /** Imported names that the cell uses as values, not only as types. */
  readonly usedImports: ReadonlySet<string>
}

/**
 * Turns a cell of TypeScript into JavaScript that runs with the global `__paracell__` (see CellRuntime). The value of
 * the last statement is the cell's value where that statement is an expression, with a semicolon or without.
 *
 * Throws CellSyntaxError for what is no TypeScript.
 *
 * @example
 * transformCell('const x: number = 1\nx + 1', { filename: 'cell-1.ts', form: 'session' }).code
 */
export function transformCell(source: string, options: TransformOptions): TransformedCell {
  const javaScript = toJavaScript(source)
  const draft = analyse(javaScript, options)
  if (options.form === 'session') editSession(draft)
  else editWorker(draft)
  const { edits, declared } = draft
  edits.append(`\n//# sourceURL=${options.filename}`)
  let trace: ReturnType<typeof toOriginal> | undefined
  return {
    code: edits.toString(),
    declared,
    original(line, column) {
      trace ??= toOriginal(edits, javaScript)
      return trace(line, column)
    },
  }
}

/** Makes the edits that need to know what a name means, and collects what the others need. */
function analyse(javaScript: JavaScript, { form, constants }: TransformOptions): Draft {
  const { code, program } = javaScript
  const edits = new MagicString(code)
  const declared = declarationsOf(program)
  const vars = new Map<VariableDeclaration, Node | null>()
  const usedImports = new Set<string>()
  const isOurConstant = (name: string, visit: Visit): boolean => {
    const resolution = visit.resolve(name)
    if (resolution === 'free') return constants?.has(name) ?? false
    const declaration = declared.get(name)
    return form === 'session' && resolution === 'top-level' && declaration !== undefined && isConstant(declaration)
  }
  visitScoped(program, (node: Node, visit) => {
    if (node.type === 'VariableDeclaration' && node.kind === 'var' && !visit.inFunction) vars.set(node, visit.parent)
    editCommon(node, visit, { edits, isOurConstant, usedImports })
  })
  for (const declaration of vars.keys()) variables(declaration, declared)
  return { ...javaScript, edits, declared, vars, usedImports }
}
