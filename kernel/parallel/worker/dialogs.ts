import { UsageError } from '../../errors.ts'

const NAMES = ['prompt', 'confirm', 'alert', 'input'] as const

/** A worker can't ask the user, and says who can. */
export function refuseDialogs(): void {
  for (const name of NAMES) {
    Reflect.set(globalThis, name, () => {
      throw new UsageError(`${name}() works in plain cells only: ask there, and hand the answer on in a variable.`)
    })
  }
}
