type Namespace = Readonly<Record<string, unknown>>

export function hasExport(namespace: Namespace, name: string): boolean {
  return name in namespace || wholeOf(namespace)?.[name] !== undefined
}

/** An export by its name; JavaScript doesn't know all names of what CommonJS exports, but users do: `import { chunk } from 'lodash'`. */
export function exportOf(namespace: Namespace, name: string): unknown {
  return name in namespace ? namespace[name] : wholeOf(namespace)?.[name]
}

/** A namespace that has these names, too. */
export function withNames(namespace: Namespace, names: readonly string[]): Namespace {
  const unknown = names.filter(name => !(name in namespace))
  return unknown.length === 0 ? namespace : { ...namespace, ...Object.fromEntries(unknown.map(name => [name, exportOf(namespace, name)])) }
}

/** What a CommonJS module has set `module.exports` to. */
function wholeOf(namespace: Namespace): Namespace | undefined {
  const whole = 'module.exports' in namespace ? namespace['module.exports'] : undefined
  return (typeof whole === 'object' && whole !== null) || typeof whole === 'function' ? (whole as Namespace) : undefined
}
