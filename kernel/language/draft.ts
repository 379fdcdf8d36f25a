import { MagicString } from 'magic-string'
import type { AwaitExpression, ForOfStatement, Node, VariableDeclaration } from 'oxc-parser'
import { editCommon } from './common-edits.ts'
import { declarationsOf, isConstant, variables, type Declaration } from './declarations.ts'
import { editNamespace } from './namespaces.ts'
import { visitScoped, type Visit } from './scopes.ts'
import { toJavaScript, type JavaScript } from './typescript.ts'

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
  readonly source: string
  readonly edits: MagicString
  readonly declared: ReadonlyMap<string, Declaration>
  /** `var` declarations outside of functions, however deep in blocks, each with the node it is in. */
  readonly vars: ReadonlyMap<VariableDeclaration, Node | null>
  /** Where the cell itself waits, in no function. */
  readonly awaits: readonly (AwaitExpression | ForOfStatement)[]
  /** Top-level names that the cell uses as values, not only as types. */
  readonly usedNames: ReadonlySet<string>
}

/**
 * Reads a cell, makes the edits that need to know what a name means, and collects what the other edits need. Throws
 * CellSyntaxError.
 */
export function draftOf(source: string, { form, constants }: TransformOptions): Draft {
  const javaScript = toJavaScript(source)
  const { code, program } = javaScript
  const edits = new MagicString(code)
  const declared = declarationsOf(program)
  const vars = new Map<VariableDeclaration, Node | null>()
  const awaits: (AwaitExpression | ForOfStatement)[] = []
  const usedNames = new Set<string>()
  const isOurConstant = (name: string, visit: Visit): boolean => {
    const resolution = visit.resolve(name)
    if (resolution === 'free') return constants?.has(name) ?? false
    const declaration = declared.get(name)
    return form === 'session' && resolution === 'top-level' && declaration !== undefined && isConstant(declaration)
  }
  visitScoped(program, (node: Node, visit) => {
    if (node.type === 'VariableDeclaration' && node.kind === 'var' && !visit.inFunction) vars.set(node, visit.parent)
    if (!visit.inFunction && waits(node)) awaits.push(node)
    editNamespace(node, javaScript.exportedVariables, edits)
    editCommon(node, visit, { edits, isOurConstant, usedNames })
  })
  for (const declaration of vars.keys()) variables(declaration, declared)
  return { ...javaScript, source, edits, declared, vars, awaits, usedNames }
}

const waits = (node: Node): node is AwaitExpression | ForOfStatement =>
  node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await)
