/** Jupyter counts a cursor's position in code points, JavaScript in UTF-16 code units. Beyond the end means the end. */
export function toCodeUnits(text: string, codePoints: number): number {
  let offset = 0
  let left = codePoints
  for (const character of text) {
    if (left-- <= 0) break
    offset += character.length
  }
  return offset
}

/** The inverse; an offset inside a surrogate pair counts as after it. */
export function toCodePoints(text: string, codeUnits: number): number {
  return [...text.slice(0, codeUnits)].length
}
