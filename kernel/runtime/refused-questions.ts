const refused = new WeakMap<object, () => Error>()
let isInstalled = false

/** Makes questions of `readline` fail that are asked over this input: Node never settles one whose input has ended. */
export function refuseQuestions(input: object, refusal: () => Error): void {
  refused.set(input, refusal)
  if (isInstalled) return
  isInstalled = true
  // Not before: few cells read at all.
  for (const name of ['readline', 'readline/promises'] as const) wrap(process.getBuiltinModule(name).Interface.prototype)
}

type Asking = Record<'question', (this: object, ...parameters: unknown[]) => unknown>

function wrap(prototype: object): void {
  const { question } = prototype as Asking
  const checked = function (this: object, ...parameters: unknown[]): unknown {
    const refusal = refused.get(Object(Reflect.get(this, 'input')))
    if (!refusal) return question.apply(this, parameters)
    // With a callback it is called for its effect, else for its promise.
    if (typeof parameters.at(-1) === 'function') throw refusal()
    return Promise.reject(refusal())
  }
  Object.defineProperty(prototype, 'question', { value: Object.defineProperties(checked, Object.getOwnPropertyDescriptors(question)), configurable: true, writable: true })
}
