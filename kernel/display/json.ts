import { inspect } from 'node:util'
import { type DescribedBundle, DISPLAY, METADATA } from './bundle.ts'

export interface JsonOptions {
  /** Whether the tree is open at first. Default: false. */
  readonly expanded?: boolean
  /** What its root is called. Default: "root". */
  readonly root?: string
}

/**
 * A value as a tree that opens and closes, to display or to end a cell with. What JSON doesn't have is left out, as
 * `JSON.stringify` does.
 *
 * @example json(await (await fetch(url)).json(), { expanded: true })
 */
export function json(value: unknown, { expanded = false, root = 'root' }: JsonOptions = {}): { [DISPLAY](): DescribedBundle } {
  return { [DISPLAY]: () => ({ [TYPE]: value ?? null, 'text/plain': inspect(value, { depth: 4 }), [METADATA]: { [TYPE]: { expanded, root } } }) }
}

const TYPE = 'application/json'
