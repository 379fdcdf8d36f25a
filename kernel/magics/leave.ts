/** Whether code that failed is only what a console's user types to leave, as in Python's. */
export function asksToLeave(code: string, failure: unknown): boolean {
  return /^\s*(exit|quit)\s*(\(\s*\)\s*)?;?\s*$/.test(code) && failure instanceof ReferenceError
}
