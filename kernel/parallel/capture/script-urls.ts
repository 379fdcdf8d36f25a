interface Script {
  readonly url: string
  readonly text: string
}

/** A position in a script, both from 0. */
export interface Position {
  readonly line: number
  readonly column: number
}

const remembered: Script[] = []
/** More than a notebook has cells that still have functions in use. */
const limit = 1000

/**
 * Says what is about to be evaluated under which URL. V8 tells of a function only the number of its script, and asking
 * the debugger for the URL takes some milliseconds for each new script, which this spares.
 */
export function rememberScript(url: string, text: string): void {
  remembered.push({ url, text })
  if (remembered.length > limit) remembered.shift()
}

/** The URL of the newest remembered script that has the text at the position. */
export function urlByText(text: string, position: Position): string | undefined {
  return remembered.findLast(script => script.text.startsWith(text, offsetOf(script.text, position)))?.url
}

function offsetOf(text: string, { line, column }: Position): number {
  let start = 0
  for (let i = 0; i < line; i++) {
    start = text.indexOf('\n', start) + 1
    if (start === 0) return text.length + 1
  }
  return start + column
}
