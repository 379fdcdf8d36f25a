import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (options: { readonly type: 'minor' }) => void

let collect: Collect | undefined

/**
 * Leaves forked children at least half of the space that V8 makes new objects in. In a space that is almost full, each
 * child would soon collect the garbage that it was born with, which takes longer than all else that a short one does.
 */
export function makeRoom(): void {
  // What survives it once stays there, and leaves with the second time.
  for (let times = 0; times < 2 && isHalfFull(); times++) (collect ??= collector())({ type: 'minor' })
}

function isHalfFull(): boolean {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  return young !== undefined && young.space_used_size > young.space_available_size
}

/** Has no name that a child's code could see. */
function collector(): Collect {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as Collect
  setFlagsFromString('--no-expose-gc')
  return gc
}
