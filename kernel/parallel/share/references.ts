/** What a thread has of the owner's objects: one proxy, promise, symbol or shared view each, for as long as it is used. */
import { types } from 'node:util'
import { UsageError } from '../../errors.ts'
import { codecFor } from '../capture/codecs.ts'
import type { Asker } from './asker.ts'
import type { Reader } from './bytes.ts'
import type { ThreadMessage } from './channel.ts'
import { Decoder } from './decode.ts'
import type { Encoder, Outlet } from './encode.ts'
import { rememberFace } from './faces.ts'
import { Reference } from './reference.ts'
import { Kind, Tag } from './tags.ts'

interface Entry {
  readonly id: number
  readonly face: WeakRef<object | symbol>
  readonly reference: Reference | undefined
  /** How often the owner sent it. */
  received: number
}

export class References implements Outlet {
  readonly #asker: Asker
  readonly #post: (message: ThreadMessage) => void
  readonly #setBusy: (busy: boolean) => void
  readonly #entries = new Map<number, Entry>()
  readonly #ids = new WeakMap<object | symbol, number>()
  readonly #shared = new Map<number, object>()
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>()
  readonly #methods = new Map<number, Map<PropertyKey, unknown>>()
  readonly #lost = new FinalizationRegistry<Entry>((entry) => this.#release(entry))
  #released: (readonly [id: number, count: number])[] = []

  constructor(asker: Asker, post: (message: ThreadMessage) => void, setBusy: (busy: boolean) => void) {
    this.#asker = asker
    this.#post = post
    this.#setBusy = setBusy
  }

  idOf(value: unknown): number | undefined {
    return value instanceof Reference ? value.id : this.#ids.get(value as object)
  }

  /** The methods of a class that were read before, by key. */
  methodsOf(classNumber: number): Map<PropertyKey, unknown> {
    const known = this.#methods.get(classNumber) ?? new Map<PropertyKey, unknown>()
    this.#methods.set(classNumber, known)
    return known
  }

  refer(value: object | symbol, encoder: Encoder): boolean {
    const id = this.idOf(value)
    if (id === undefined) return stands(value, encoder) || refuse(value)
    const { out } = encoder
    out.byte(Tag.handle)
    out.word(id)
    return true
  }

  copyInstance(value: object): void {
    const name = value.constructor?.name || 'a class'
    throw new UsageError(
      `an instance of ${name} can't be written into the notebook, since it belongs to this thread's own copy of the class. `
      + 'Return it from the target or put it into a Queue, which both make it one of the notebook\'s class, or give a plain object.',
    )
  }

  resolve(source: Reader): unknown {
    const id = source.word()
    const kind = source.byte()
    if (kind === Kind.shared) return this.#kept(id, source, () => source.cargo(source.word()))
    if (kind === Kind.thing) return this.#kept(id, source, () => new Decoder(source, from => this.resolve(from)).decode() as object)
    const details = { id, kind, ...detailsOf(kind, source) }
    const entry = this.#entries.get(id)
    const face = entry?.face.deref()
    if (entry === undefined || face === undefined) return this.#add(details)
    entry.received++
    if (entry.reference !== undefined) entry.reference.classNumber = details.classNumber
    return face
  }

  /** The thread's own error that stands for the owner's one; the first copy of it that is still in use. */
  adopt(id: number, error: Error): Error {
    const entry = this.#entries.get(id)
    const face = entry?.face.deref()
    if (entry !== undefined && types.isNativeError(face)) {
      entry.received++
      return face
    }
    this.#remember(id, error, undefined, face === undefined)
    return error
  }

  settle(id: number, result: () => unknown): void {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    if (this.#pending.size === 0) this.#setBusy(false)
    try {
      pending?.resolve(result())
    } catch (error) {
      pending?.reject(error)
    }
  }

  close(reason: Error): void {
    for (const id of [...this.#pending.keys()]) this.settle(id, () => { throw reason })
    this.#entries.clear()
    this.#shared.clear()
    this.#methods.clear()
  }

  /** What the thread has of its own once it was sent. */
  #kept(id: number, source: Reader, make: () => object): object {
    if (source.byte() === 1) {
      const made = make()
      this.#shared.set(id, made)
      this.#ids.set(made, id)
    }
    return this.#shared.get(id) as object
  }

  #add(details: Details): unknown {
    if (details.kind === Kind.symbol) return this.#remember(details.id, Symbol(details.description))
    if (details.kind === Kind.promise) return this.#remember(details.id, this.#awaited(details.id))
    const reference = new Reference(this.#asker, details)
    const face = reference.face(details.kind)
    rememberFace(face, reference)
    return this.#remember(details.id, face, reference)
  }

  #awaited(id: number): Promise<unknown> {
    const pending = Promise.withResolvers<unknown>()
    this.#pending.set(id, pending)
    this.#setBusy(true)
    this.#post({ type: 'await', id })
    return pending.promise
  }

  #remember<T extends object | symbol>(id: number, face: T, reference?: Reference, findable = true): T {
    const entry: Entry = { id, face: new WeakRef(face), reference, received: 1 }
    if (findable) this.#entries.set(id, entry)
    this.#ids.set(face, id)
    this.#lost.register(face, entry)
    return face
  }

  /** Gathers what is collected together, so that one message releases all of it. */
  #release(entry: Entry): void {
    if (this.#entries.get(entry.id) === entry) this.#entries.delete(entry.id)
    if (this.#released.push([entry.id, entry.received]) > 1) return
    setImmediate(() => {
      this.#post({ type: 'release', counts: this.#released })
      this.#released = []
    })
  }
}

interface Details {
  readonly id: number
  readonly kind: number
  readonly description: string
  readonly classNumber: number
  readonly callback: number
}

function detailsOf(kind: number, source: Reader): Pick<Details, 'description' | 'classNumber' | 'callback'> {
  const description = kind === Kind.symbol ? source.string() : ''
  const classNumber = kind === Kind.symbol || kind === Kind.promise ? 0 : source.word()
  return { description, classNumber, callback: kind === Kind.function ? source.byte() : 0 }
}

/** The thread's own queues, locks and the like are made anew in the notebook. */
function stands(value: object | symbol, encoder: Encoder): boolean {
  const coded = codecFor(value)
  if (coded) encoder.thing(coded)
  return coded !== undefined
}

/** Answers false for what is copied instead. */
function refuse(value: object | symbol): false {
  if (typeof value === 'object' && !isBound(value)) return false
  throw new UsageError(`${describe(value)} lives in this thread and can't be given to the notebook. Define it in a cell of its own.`)
}

function isBound(value: object): boolean {
  return types.isPromise(value) || types.isGeneratorObject(value) || types.isWeakMap(value) || types.isWeakSet(value)
}

function describe(value: object | symbol): string {
  if (typeof value === 'symbol') return `the symbol ${String(value)}`
  if (typeof value === 'function') return `the function ${Reflect.get(value, 'name') || 'without a name'}`
  return `a ${value.constructor?.name || 'value'}`
}
