/** Properties that every function has, whose values the function brings along. */
export const inherent: ReadonlySet<string | symbol> = new Set(['length', 'arguments', 'caller'])

/** Its name, where naming it was no special deed. */
export function plainName(fn: Function): string | undefined {
  const own = Object.getOwnPropertyDescriptor(fn, 'name')
  const plain = own && typeof own.value === 'string' && !own.writable && !own.enumerable && own.configurable
  return plain ? (own.value as string) : undefined
}
