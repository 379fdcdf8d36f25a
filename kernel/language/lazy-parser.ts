import { createRequire } from 'node:module'
import type * as Oxc from 'oxc-parser'

const load = createRequire(import.meta.url)
let oxc: typeof Oxc | undefined

/** oxc's parser for who seldom needs one, as workers do: loading it takes milliseconds and megabytes, in each of them. */
export const parseSync: typeof Oxc.parseSync = (...parameters) => {
  oxc ??= load('oxc-parser') as typeof Oxc
  return oxc.parseSync(...parameters)
}
