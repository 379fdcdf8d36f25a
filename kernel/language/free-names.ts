import { parseFunction } from './function-source.ts'
import { runtimeName } from './runtime.ts'
import { isReference, visitScoped } from './scopes.ts'

export { asExpression } from './function-source.ts'

/**
 * The names that a function uses as values, to read or to write, and doesn't declare: the notebook's variables, what
 * it captured, and globals such as `console`. Takes what `Function.prototype.toString` says, or a cell's code in the
 * form `worker`. Throws UsageError for native code and what is no function.
 *
 * @example
 * freeNames('(a, b = start) => { total += a * b }') // Set { 'start', 'total' }
 */
export function freeNames(functionSource: string): Set<string> {
  const names = new Set<string>()
  visitScoped(parseFunction(functionSource).program.tree, (node, { parent, resolve }) => {
    if (node.type !== 'Identifier' || !isReference(node, parent)) return
    if (!provided.has(node.name) && resolve(node.name) === 'free') names.add(node.name)
  })
  return names
}

/** What every function, or every place that runs one, has by itself. */
const provided = new Set([runtimeName, 'arguments'])
