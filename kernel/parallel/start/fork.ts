import { readFileSync } from 'node:fs'
import { EINVAL, libc, MADV_DOFORK } from './libc.ts'

interface Span {
  readonly start: bigint
  readonly length: bigint
}

let spans: Span[] = []

/**
 * fork(2) of this Node process: 0 in the child, the child's number in the parent, -1 for an error.
 *
 * V8 keeps its heap out of forked children (MADV_DONTFORK), and each new heap page anew. One call per stretch of
 * addresses takes that back for all pages in it, without a look at the list of pages: what would be mapped while
 * reading such a list is missing in the child, which then dies.
 */
export function fork(): number {
  if (!allowInChildren()) {
    spans = stretchesBetweenObstacles()
    allowInChildren()
  }
  return libc.fork()
}

// A hole in a stretch is reported as an error too, but only after all of the stretch has been done.
function allowInChildren(): boolean {
  let complete = spans.length > 0
  for (const span of spans) {
    if (libc.madvise(span.start, span.length, MADV_DOFORK) !== 0 && libc.errno() === EINVAL) complete = false
  }
  return complete
}

// The system refuses the advice at pages that it shares with the process ([vvar], rings) and would stop there.
function stretchesBetweenObstacles(): Span[] {
  const found: Span[] = []
  let start = 0n
  let end = 0n
  for (const region of regions()) {
    if (region.obstacle && region.start > start) found.push({ start, length: region.start - start })
    if (region.obstacle) start = region.end
    end = region.end
  }
  return end > start ? [...found, { start, length: end - start }] : found
}

function* regions(): Generator<{ start: bigint; end: bigint; obstacle: boolean }> {
  for (const line of readFileSync('/proc/self/maps', 'latin1').split('\n')) {
    const [, start, end, sharing, name] = /^([0-9a-f]+)-([0-9a-f]+) ...(.) \S+ \S+ \S+ *(.*)$/.exec(line) ?? []
    if (!start || name === '[vsyscall]') continue
    yield { start: BigInt(`0x${start}`), end: BigInt(`0x${end}`), obstacle: sharing !== 'p' || (name ?? '').startsWith('[v') }
  }
}
