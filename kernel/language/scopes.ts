import type { Node, Program } from 'oxc-parser'
import { isReferenceIdentifier, ScopeTracker, walk } from 'oxc-walker'

/** What a name means at the place that is being visited. */
export type Resolution = 'top-level' | 'local' | 'free'

export interface Visit {
  readonly parent: Node | null
  /** Whether the place is inside a function of the cell, where `var` and `await` are that function's own. */
  readonly inFunction: boolean
  resolve(name: string): Resolution
}

/** Visits every node, parents first, knowing all declarations, also those that come later in the text. */
export function visitScoped(program: Program, enter: (node: Node, visit: Visit) => void): void {
  const scopeTracker = new ScopeTracker({ preserveExitedScopes: true })
  walk(program, { scopeTracker })
  scopeTracker.freeze()
  let functions = 0
  const resolve = (name: string): Resolution => {
    const declaration = scopeTracker.getDeclaration(name)
    if (!declaration) return 'free'
    return declaration.scope === '' ? 'top-level' : 'local'
  }
  walk(program, {
    scopeTracker,
    enter(node, parent) {
      enter(node, { parent, inFunction: functions > 0, resolve })
      if (ownsVariables.has(node.type)) functions++
    },
    leave(node) {
      if (ownsVariables.has(node.type)) functions--
    },
  })
}

const ownsVariables = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression', 'StaticBlock'])

/** Whether an identifier stands for a value, so is no property's name, label or declaration. */
export const isReference = (node: Node, parent: Node | null): boolean =>
  node.type === 'Identifier' && isReferenceIdentifier(node, parent)
