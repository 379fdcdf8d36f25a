import { availableParallelism } from 'node:os'

/**
 * How many threads or processes can really run at the same time here.
 *
 * @example
 * const workers = Array.from({ length: cpuCount() }, () => new Process({ target: () => console.log('one of them') }))
 */
export function cpuCount(): number {
  return availableParallelism()
}
