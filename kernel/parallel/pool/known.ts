import { registerCodec } from '../capture/codecs.ts'
import { realm } from '../client/realm.ts'

let known: ReadonlySet<string> = new Set()

/**
 * Captures items or results: the classes and functions that the pool's function uses by these names are there already,
 * and travel as names. So an item is an instance of the very class that the function knows, and a result of the
 * notebook's own.
 */
export function knowing<T>(names: ReadonlySet<string>, work: () => T): T {
  known = names
  try {
    return work()
  } finally {
    known = new Set()
  }
}

registerCodec('known', {
  test: value => typeof value === 'function' && known.has(value.name) && valueOf(value.name) === value,
  encode: (value: Function) => value.name,
  decode: valueOf
})

function valueOf(name: string): unknown {
  const binding = realm().scope.lookup(name)
  return binding?.kind === 'variable' ? binding.value : undefined
}
