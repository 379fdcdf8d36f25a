import inspector from 'node:inspector'
import { Interrupted } from '../errors.ts'

/** What became of a piece of code: its value is handed over by the code itself, through the runtime. */
export type Outcome = { readonly status: 'ok' } | { readonly status: 'thrown'; readonly error: unknown }

type Ask = (method: string, parameters: object, answered: (failure: Error | null, result: unknown) => void) => void

// Cells may overwrite them.
export const withResolvers: typeof Promise.withResolvers = Promise.withResolvers.bind(Promise)
const { defineProperty, prototype: ofAllObjects } = Object

/**
 * Evaluates JavaScript in V8's REPL mode: top-level await, and a later `let` may replace an earlier one.
 * One inspector session in the thread that evaluates.
 */
export class Evaluator {
  readonly #session = new inspector.Session()
  readonly #pending = new Set<(outcome: Outcome) => void>()
  readonly #ask: Ask

  constructor() {
    this.#session.connect()
    this.#ask = this.#session.post.bind(this.#session) as Ask
  }

  /** Runs code to its end, its awaits included. Rejects only where nothing can be evaluated any more. */
  evaluate(code: string): Promise<Outcome> {
    const { promise, resolve, reject } = withResolvers<Outcome>()
    const settle = (outcome: Outcome): void => {
      this.#pending.delete(settle)
      const poison = POISONS.find(name => name in ofAllObjects)
      if (poison) reject(new Broken(`Object.prototype.${poison} is set`))
      else resolve(outcome)
    }
    this.#pending.add(settle)
    this.#ask('Runtime.evaluate', { expression: code, replMode: true, awaitPromise: true }, (failure, result) => {
      try {
        settle(this.#outcome(failure, result as inspector.Runtime.EvaluateReturnType | undefined))
      } catch (error) {
        // Nobody hears of what the inspector's listeners throw: the cell would never end.
        reject(new Broken('what became of the cell cannot be told', { cause: error }))
      }
    })
    return promise
  }

  /** The value of an expression that has no await. Throws what it throws. */
  evaluateNow(expression: string): unknown {
    const result = this.#post('Runtime.evaluate', { expression }) as inspector.Runtime.EvaluateReturnType
    const value = this.#value(result.exceptionDetails?.exception ?? result.result)
    if (result.exceptionDetails) throw value
    return value
  }

  /** The value of an expression if it can be had without any effect: no getter, no call is made for a mere look. */
  peek(expression: string): { readonly value: unknown } | undefined {
    const result = this.#post('Runtime.evaluate', { expression, throwOnSideEffect: true, silent: true }) as inspector.Runtime.EvaluateReturnType
    return result.exceptionDetails ? undefined : { value: this.#value(result.result) }
  }

  /** Ends the JavaScript that this call is made in the middle of. */
  terminate(): void {
    this.#ask('Runtime.terminateExecution', {}, () => undefined)
  }

  /** Ends what is awaited, after its JavaScript was stopped or where there is none to stop. */
  interrupt(): void {
    for (const resolve of this.#pending) resolve({ status: 'thrown', error: new Interrupted() })
  }

  #outcome(failure: Error | null, result: inspector.Runtime.EvaluateReturnType | undefined): Outcome {
    if (failure && GONE.test(failure.message)) return { status: 'thrown', error: new Broken(failure.message) }
    if (failure) return { status: 'thrown', error: new Interrupted() }
    const details = result?.exceptionDetails
    if (!details) return { status: 'ok' }
    if (!details.exception) return { status: 'thrown', error: new Interrupted() }
    return { status: 'thrown', error: this.#value(details.exception) }
  }

  /** The value itself, for the remote object that stands for it. */
  #value(remote: inspector.Runtime.RemoteObject): unknown {
    const { objectId, target } = this.#holder()
    const { value, unserializableValue } = remote
    const argument = remote.objectId ? { objectId: remote.objectId } : unserializableValue ? { unserializableValue } : { value: value as unknown }
    const functionDeclaration = 'function (value) { this.value = value }'
    this.#post('Runtime.callFunctionOn', { objectId, functionDeclaration, arguments: [argument], silent: true })
    for (const id of [objectId, remote.objectId]) if (id) this.#post('Runtime.releaseObject', { objectId: id })
    return target.value
  }

  /** An object that both this code and the inspector reach. */
  #holder(): { objectId: string; target: { value?: unknown } } {
    const target: { value?: unknown } = {}
    defineProperty(globalThis, HOLDER, { value: target, configurable: true })
    const expression = `globalThis[Symbol.for('${HOLDER.description}')]`
    const { result } = this.#post('Runtime.evaluate', { expression }) as inspector.Runtime.EvaluateReturnType
    Reflect.deleteProperty(globalThis, HOLDER)
    return { objectId: result.objectId as string, target }
  }

  /** A request that is answered before `post` returns, as all are that await nothing. */
  #post(method: string, parameters: object): unknown {
    let answer: { failure: Error | null; result: unknown } | undefined
    this.#ask(method, parameters, (failure, result) => {
      answer = { failure, result }
    })
    if (!answer || answer.failure) throw new Error(`The inspector did not answer ${method}.`, { cause: answer?.failure })
    return answer.result
  }
}

/** What the inspector says when Node has closed it, as it does for a process that seems to kill itself. */
const GONE = /context|not connected|closed/i

/** With these on all objects neither promises nor the inspector's messages work. */
const POISONS = ['then', 'toJSON'] as const

/** Nothing can be evaluated here any more. */
export class Broken extends Error {
  override readonly name = 'Broken'
}

const HOLDER = Symbol.for('paracell.holder')
