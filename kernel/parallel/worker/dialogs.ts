import { UsageError } from '../../errors.ts'
import { refuseQuestions } from '../../runtime/refused-questions.ts'

const NAMES = ['prompt', 'confirm', 'alert', 'input'] as const

/** A worker can't ask the user, and says who can. */
export function refuseDialogs(): void {
  for (const name of NAMES) {
    Reflect.set(globalThis, name, () => {
      throw refusalOf(`${name}()`)
    })
  }
  refuseStdin()
}

/** It is empty; whoever reads it to its end is well served, but not who asks a question. */
function refuseStdin(): void {
  const { get } = Object.getOwnPropertyDescriptor(process, 'stdin') ?? {}
  if (!get) return
  Object.defineProperty(process, 'stdin', {
    configurable: true,
    enumerable: true,
    get() {
      const stream = get.call(process) as object
      refuseQuestions(stream, () => refusalOf('A question of readline'))
      return stream
    }
  })
}

const refusalOf = (what: string): UsageError => new UsageError(`${what} works in plain cells only: ask there, and hand the answer on in a variable.`)
