/** Whether code is only what a console's user types to leave, as in Python's. */
export function saysLeave(code: string): boolean {
  return /^\s*(exit|quit)\s*(\(\s*\)\s*)?;?\s*$/.test(code)
}

/** Whether code that failed is that: a cell may have given the word a meaning. */
export function asksToLeave(code: string, failure: unknown): boolean {
  return saysLeave(code) && failure instanceof ReferenceError
}
