/** How often the hub is told of it at most, in milliseconds: it looks again by itself as long as it lasts. */
const INTERVAL = 100

type Tell = (counter: Int32Array) => void

const { wait: waitUnnoted } = Atomics
let tell: Tell
let counter: Int32Array | undefined
let told: number

/**
 * From now on the hub hears when this thread begins an `Atomics.wait` without a timeout, which only a `notify` ends. A
 * counter in shared memory, odd meanwhile, says how long it goes on. All others are as fast as ever.
 */
export function watchBlocking(next: Tell): void {
  tell = next
  told = -Infinity
  Atomics.wait = wait as typeof Atomics.wait
}

function wait(array: Int32Array, index: number, value: number, timeout = Infinity): string {
  if (timeout < Infinity) return waitUnnoted(array, index, value, timeout)
  counter ??= new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  if (performance.now() - told > INTERVAL) {
    told = performance.now()
    tell(counter)
  }
  Atomics.add(counter, 0, 1)
  try {
    return waitUnnoted(array, index, value)
  } finally {
    Atomics.add(counter, 0, 1)
  }
}
