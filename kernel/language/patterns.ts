import type { BindingPattern } from 'oxc-parser'

/** All names in `{ a, b: [c] }`. */
export function boundNames(pattern: BindingPattern): string[] {
  if (pattern.type === 'Identifier') return [pattern.name]
  if (pattern.type === 'AssignmentPattern') return boundNames(pattern.left)
  const parts = pattern.type === 'ObjectPattern' ? pattern.properties : pattern.elements
  return parts.flatMap(part => {
    if (!part) return []
    if (part.type === 'RestElement') return boundNames(part.argument)
    return boundNames(part.type === 'Property' ? part.value : part)
  })
}
