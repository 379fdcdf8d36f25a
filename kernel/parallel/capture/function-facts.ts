import { Session, type Debugger, type Runtime } from 'node:inspector'
import { urlByText, type Position } from './script-urls.ts'
import type { BoundFunction, ClosureScope, FunctionFacts, Place } from './parcel.ts'
import { sourceFacts } from './source-facts.ts'

const places = new WeakMap<Function, Place>()

/** Says where a function comes from that was compiled at another place. */
export function rememberPlace(fn: Function, place: Place): void {
  places.set(fn, place)
}

const ofNotebook = new WeakSet<Function>()

/** Says that it is a class that the notebook knows by its name, even if nothing does here. */
export function rememberNamed(type: Function): void {
  ofNotebook.add(type)
}

export const wasNamed = (type: Function): boolean => ofNotebook.has(type)

let facts: Required<FunctionFacts> | undefined

/**
 * What the inspector tells about functions of this thread. A function of a script that was not seen before takes some
 * milliseconds, any other that captured variables 0.3 ms, the rest is remembered.
 */
export function functionFacts(): Required<FunctionFacts> {
  return (facts ??= inspectorFacts())
}

function inspectorFacts(): Required<FunctionFacts> {
  const inspector = new Inspector()
  const studied = new WeakMap<Function, Study>()
  const study = (fn: Function): Study => {
    const known = studied.get(fn)
    // What a function captured changes its values, so only that there is nothing can be known beforehand.
    if (known && known.scopes.length === 0) return known
    const fresh = inspector.study(fn, known?.place)
    studied.set(fn, { ...fresh, scopes: fresh.scopes.length > 0 ? changing : [] })
    return fresh
  }
  return {
    location: fn => places.get(fn) ?? (studied.get(fn) ?? study(fn)).place,
    closure: fn => study(fn).scopes,
    bound: fn => study(fn).bound,
  }
}

interface Study {
  readonly place: Place | undefined
  readonly scopes: readonly ClosureScope[]
  readonly bound: BoundFunction | undefined
}

const changing: readonly ClosureScope[] = [{ id: undefined, variables: {} }]

interface RawScope {
  readonly description: string
  readonly object: Record<string, unknown>
}

interface Exchange {
  fn: unknown
  taken: unknown
}

const group = 'paracell'

class Inspector {
  readonly #session = new Session()
  readonly #exchange: Exchange = { fn: undefined, taken: undefined }
  readonly #exchangeId: string
  readonly #urls = new Map<string, string>()

  constructor() {
    this.#session.connect()
    this.#session.on('Debugger.scriptParsed', ({ params }) => this.#urls.set(params.scriptId, params.url))
    const name = `paracell exchange ${Math.random()}`
    Object.defineProperty(globalThis, name, { value: this.#exchange, configurable: true })
    const expression = `globalThis[${JSON.stringify(name)}]`
    const { result } = this.#post<Runtime.EvaluateReturnType>('Runtime.evaluate', { expression })
    Reflect.deleteProperty(globalThis, name)
    this.#exchangeId = result.objectId!
  }

  study(fn: Function, place: Place | undefined): Study {
    this.#exchange.fn = fn
    const remote = this.#call(this.#exchangeId, 'function () { return this.fn }')
    const asked = { objectId: remote.objectId!, ownProperties: true }
    const { internalProperties = [] } = this.#post<Runtime.GetPropertiesReturnType>('Runtime.getProperties', asked)
    const internal = new Map(internalProperties.map(({ name, value }) => [name, value]))
    const scopes = this.#take(internal.get('[[Scopes]]')) as ArrayLike<RawScope> | undefined
    const study = {
      place: place ?? this.#place(fn, internal.get('[[FunctionLocation]]')),
      scopes: Array.from(scopes ?? []).flatMap(closureScope),
      bound: this.#bound(internal),
    }
    this.#exchange.fn = undefined
    this.#post('Runtime.releaseObjectGroup', { objectGroup: group })
    return study
  }

  #bound(internal: ReadonlyMap<string, Runtime.RemoteObject | undefined>): BoundFunction | undefined {
    const target = this.#take(internal.get('[[TargetFunction]]'))
    if (target === undefined) return undefined
    const args = this.#take(internal.get('[[BoundArgs]]')) as ArrayLike<unknown>
    return { target, self: this.#take(internal.get('[[BoundThis]]')), args: Array.from(args) }
  }

  /** The value itself that the inspector speaks of. */
  #take(remote: Runtime.RemoteObject | undefined): unknown {
    if (!remote) return undefined
    this.#call(this.#exchangeId, 'function (value) { this.taken = value }', [argument(remote)])
    const { taken } = this.#exchange
    this.#exchange.taken = undefined
    return taken
  }

  #place(fn: Function, location: Runtime.RemoteObject | undefined): Place | undefined {
    if (!location) return undefined
    const { scriptId, lineNumber, columnNumber } = location.value as Debugger.Location
    const text = Function.prototype.toString.call(fn)
    const before = text.slice(0, sourceFacts(text)?.anchor ?? 0)
    const line = lineNumber - (before.split('\n').length - 1)
    // Where the text begins on an earlier line than its anchor, only that line is known.
    const column = before.includes('\n') ? 0 : (columnNumber ?? 0) - before.length
    return { file: this.#url(scriptId, text, { line, column }), line: line + 1, column: column + 1 }
  }

  #url(scriptId: string, text: string, position: Position): string {
    const known = this.#urls.get(scriptId) ?? urlByText(text, position) ?? this.#askDebugger(scriptId)
    this.#urls.set(scriptId, known)
    return known
  }

  /** An enabled debugger makes promises slow, so it is enabled for a moment only: it tells of all scripts at once. */
  #askDebugger(scriptId: string): string {
    this.#post('Debugger.enable')
    this.#post('Debugger.disable')
    return this.#urls.get(scriptId) || `script-${scriptId}`
  }

  #call(objectId: string, functionDeclaration: string, args: Runtime.CallArgument[] = []): Runtime.RemoteObject {
    const call = { objectId, functionDeclaration, arguments: args, objectGroup: group }
    return this.#post<Runtime.CallFunctionOnReturnType>('Runtime.callFunctionOn', call).result
  }

  /** A session in its own thread answers before `post` returns. */
  #post<T>(method: string, params: object = {}): T {
    let answer: { readonly error: Error | null; readonly result: unknown } | undefined
    this.#session.post(method, params, (error, result?: object) => (answer = { error, result }))
    if (!answer) throw new Error(`The inspector did not answer ${method}.`)
    if (answer.error) throw new Error(`The inspector refused ${method}.`, { cause: answer.error })
    return answer.result as T
  }
}

function argument({ objectId, unserializableValue, value }: Runtime.RemoteObject): Runtime.CallArgument {
  if (objectId !== undefined) return { objectId }
  return unserializableValue === undefined ? { value } : { unserializableValue }
}

/** The notebook's variables are in a script scope, which is reached by name and not captured. */
function closureScope({ description, object }: RawScope): ClosureScope[] {
  return /^(?:Global|Script)\b/.test(description) ? [] : [{ id: undefined, variables: object }]
}
