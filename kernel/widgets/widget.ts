import { inspect } from 'node:util'
import { joinBuffers, splitBuffers } from '../comms/buffers.ts'
import { type Comm, comms, type Data } from '../comms/comms.ts'
import { DISPLAY } from '../display/mime.ts'
import { readJson } from '../display/read-bundle.ts'
import { UsageError } from '../errors.ts'
import type { CommMessage, MimeBundle } from '../session/protocol.ts'
import { type Attribute, WIDGET, wireName } from './attributes.ts'
import { keepInBounds } from './bounds.ts'
import { ChangeStream, same } from './changes.ts'
import { type Listener, type Stop, subscribe } from './listeners.ts'

const PROTOCOL = { version: '2.1.0' }
/** A loop that never waits shows what it sets all the same, so often, in milliseconds. */
const LONGEST_SILENCE = 20

/** What front ends call the class, and where they find it; its view may be in another module. */
export type Identity = readonly [model: string, view: string | null, module: string, version: string, viewModule?: string]
export type Attributes = Readonly<Record<string, Attribute<unknown>>>

export interface Spec {
  readonly identity: Identity
  readonly attributes: Attributes
}

export interface Change<T = unknown, Name extends string = string> {
  readonly name: Name
  readonly old: T
  readonly value: T
  readonly widget: Widget
}

/** A model that the notebook's front ends share with the session: a change on any side reaches all others. */
export class Widget {
  readonly [WIDGET] = true
  readonly #spec: Spec
  readonly #comm: Comm
  readonly #state: Record<string, unknown>
  readonly #changed = new Set<string>()
  readonly #observers = new Set<Listener<Change>>()
  readonly #readers = new Set<Listener<{ readonly content: Data; readonly buffers: readonly Uint8Array[] }>>()
  readonly #closers = new Set<() => void>()
  #changedSince = 0
  #isClosed = false

  constructor(spec: Spec, values: Data = {}) {
    const table = comms()
    if (!table) throw new UsageError('Widgets live in the notebook itself: make them in a plain cell, not in a thread or a process.')
    this.#spec = spec
    this.#state = Object.fromEntries(Object.entries(spec.attributes).map(([name, { initial }]) => [name, initial]))
    Object.assign(this.#state, this.#checked(values))
    const { buffers, ...data } = splitBuffers({ ...identify(spec.identity), ...this.#wireState(Object.keys(spec.attributes)) })
    this.#comm = table.open('jupyter.widget', data, comm => this.#receive(comm), { metadata: PROTOCOL, buffers })
  }

  /** The name that front ends know the widget by. */
  get id(): string {
    return this.#comm.id
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Changes several attributes at once. @throws UsageError for what an attribute can't be; nothing is changed then */
  set(values: Data): void {
    this.#apply(this.#checked(values), name => this.#note(name))
  }

  /** @internal The value of an attribute; what belongs to the widget alone is made when it is first asked for. */
  get(name: string): unknown {
    const attribute = this.#attribute(name)
    if ('make' in attribute && this.#state[name] === null) this.set({ [name]: (attribute.make as () => Widget)() })
    return this.#state[name]
  }

  /**
   * Calls back after each change of an attribute, wherever it was made; what the callback prints belongs to the cell
   * that calls this.
   *
   * @example slider.observe('value', ({ old, value }) => console.log(`${old} → ${value}`))
   */
  observe<Name extends Extract<keyof this, string>>(name: Name, callback: (change: Change<this[Name], Name>) => unknown): Stop {
    if (!(name in this)) throw new UsageError(`${this.constructor.name} has no attribute "${name}" to observe. It has: ${this.#names()}.`)
    return subscribe(this.#observers, change => change.name === name && callback(change as unknown as Change<this[Name], Name>))
  }

  /**
   * The changes of an attribute, until the widget is closed or the loop is left.
   *
   * @example for await (const { value } of slider.changes('value')) console.log(value)
   */
  changes<Name extends Extract<keyof this, string>>(name: Name): AsyncIterable<Change<this[Name], Name>> {
    return new ChangeStream(push => this.observe(name, push), end => this.onClose(end))
  }

  /** Sends a message of the widget's own kind to front ends. @throws UsageError for what is no JSON */
  send(content: unknown, buffers: readonly Uint8Array[] = []): void {
    this.flush()
    this.#comm.send({ method: 'custom', content: readJson('A message of a widget', content) }, { buffers })
  }

  /** Calls back with what front ends send besides changes of attributes, such as `{ event: 'click' }`. */
  onMessage(callback: (content: Data, buffers: readonly Uint8Array[]) => unknown): Stop {
    return subscribe(this.#readers, ({ content, buffers }) => callback(content, buffers))
  }

  /** Takes the widget out of all front ends. */
  close(): void {
    if (this.#isClosed) return
    this.flush()
    this.#comm.close()
    this.#closed()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  [DISPLAY](): MimeBundle {
    const text = { 'text/plain': inspect(this) }
    if (this.#isClosed || this.#spec.identity[1] === null) return text
    return { ...text, 'application/vnd.jupyter.widget-view+json': { model_id: this.id, version_major: 2, version_minor: 0 } }
  }

  [inspect.custom](_depth: number, options: object): string {
    const { attributes } = this.#spec
    const told = Object.keys(attributes).filter(name => !('make' in (attributes[name] as object)) && !same(this.#state[name], attributes[name]?.initial))
    const values = told.map(name => `${name}: ${inspect(this.#state[name], { ...options, depth: 0 })}`).join(', ')
    return `${this.constructor.name} ${this.#isClosed ? '(closed) ' : ''}{${values && ` ${values} `}}`
  }

  /** Sends what was changed, without waiting for the end of the statement. */
  protected flush(): void {
    if (this.#changed.size === 0) return
    const { buffers, ...data } = splitBuffers(this.#wireState([...this.#changed]))
    this.#changed.clear()
    this.#comm.send({ method: 'update', ...data }, { buffers })
  }

  /** Tells observers of a change; for attributes that front ends know by another name. */
  protected notify(name: string, old: unknown, value: unknown): void {
    for (const observer of this.#observers) observer({ name, old, value, widget: this })
  }

  /** Whether an attribute has this value already. */
  protected isSame(name: string, value: unknown): boolean {
    return same(this.#state[name], value)
  }

  protected onClose(callback: () => void): Stop {
    if (this.#isClosed) callback()
    return subscribe(this.#closers, callback)
  }

  #note(name: string): void {
    if (this.#changed.size === 0) {
      this.#changedSince = performance.now()
      queueMicrotask(() => this.flush())
    }
    this.#changed.add(name)
    if (performance.now() - this.#changedSince > LONGEST_SILENCE) this.flush()
  }

  #apply(values: Data, note: (name: string) => void): void {
    if (this.#isClosed) throw new UsageError(`The ${this.constructor.name} is closed: its cell ran again, or close() was called.`)
    const changed = Object.keys(values).filter(name => !this.isSame(name, values[name]))
    const before = Object.fromEntries(changed.map(name => [name, this.#state[name]]))
    for (const name of changed) {
      this.#state[name] = values[name]
      note(name)
    }
    for (const name of changed) this.notify(name, before[name], values[name])
  }

  /** The values as they can be taken over, and what has to change with them. */
  #checked(values: Data): Data {
    const given: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) continue
      const attribute = this.#attribute(name)
      given[name] = 'make' in attribute && isPlain(value) ? this.#made(attribute, value) : value
      const problem = attribute.problem(given[name])
      if (problem) throw new UsageError(`${this.constructor.name}.${name} must be ${problem}, not ${inspect(value, { depth: 0 })}.`)
    }
    return { ...given, ...keepInBounds(this.constructor.name, this.#state, given) }
  }

  #made(attribute: Attribute<unknown>, values: Data): Widget {
    const made = (attribute as unknown as { make(): Widget }).make()
    made.set(values)
    return made
  }

  #attribute(name: string): Attribute<unknown> {
    const attribute = Object.hasOwn(this.#spec.attributes, name) ? this.#spec.attributes[name] : undefined
    if (!attribute) throw new UsageError(`${this.constructor.name} has no attribute "${name}". It has: ${this.#names()}.`)
    return attribute
  }

  #names(): string {
    return Object.keys(this.#spec.attributes).join(', ')
  }

  #wireState(names: readonly string[]): Data {
    const entries = names.flatMap(name => {
      const { toWire, ...attribute } = this.#spec.attributes[name] as Attribute<unknown>
      const value = this.#state[name]
      // A layout and the like that nobody has asked for does not exist.
      if (value === null && ('make' in attribute || this.#spec.identity[1] === 'LayoutView')) return []
      return [[wireName(name, attribute), toWire ? toWire(value) : value]]
    })
    return Object.fromEntries(entries) as Data
  }

  #receive({ kind, content, buffers }: CommMessage): void {
    if (kind === 'close') return this.#closed()
    const { method, state, buffer_paths: paths, content: message } = (content['data'] ?? {}) as Data
    if (method === 'update' && isPlain(state)) return this.#update(joinBuffers(state, paths, buffers))
    if (method === 'custom' && isPlain(message)) for (const reader of this.#readers) reader({ content: message, buffers })
    else console.warn(`A message for the ${this.constructor.name} was dropped: ${inspect(content['data'], { depth: 1 })} is neither an update nor a message of its own.`)
  }

  /** What a front end has set. All others hear of it; what can't be is taken back. */
  #update(state: Data): void {
    const names = namesOnWire(this.#spec.attributes)
    const known = Object.keys(state).flatMap(wire => names.get(wire) ?? [])
    try {
      const values = this.#checked(Object.fromEntries(known.map(name => [name, this.#fromWire(name, state[wireName(name, this.#spec.attributes[name])])])))
      const { buffers, ...data } = splitBuffers(Object.fromEntries(Object.entries(state).filter(([wire]) => names.has(wire))))
      this.#comm.echo({ method: 'echo_update', ...data }, buffers)
      this.#apply(values, name => known.includes(name) || this.#note(name))
    } catch (error) {
      console.warn(`A change of the ${this.constructor.name} was not taken: ${(error as Error).message}`)
      for (const name of known) this.#note(name)
    }
    this.flush()
  }

  #fromWire(name: string, value: unknown): unknown {
    const attribute = this.#attribute(name)
    if (value === null && attribute.problem(null) === undefined) return null
    return attribute.fromWire ? attribute.fromWire(value) : value
  }

  #closed(): void {
    this.#isClosed = true
    for (const close of this.#closers) close()
  }
}

const onWire = new WeakMap<Attributes, ReadonlyMap<string, string>>()

/** The names of attributes by what the protocol calls them. */
function namesOnWire(attributes: Attributes): ReadonlyMap<string, string> {
  const known = onWire.get(attributes)
  if (known) return known
  const names = new Map(Object.entries(attributes).map(([name, attribute]) => [wireName(name, attribute), name]))
  onWire.set(attributes, names)
  return names
}

function identify([model, view, module, version, viewModule = module]: Identity): Data {
  return {
    _model_module: module, _model_module_version: version, _model_name: model,
    _view_module: viewModule, _view_module_version: version, _view_name: view
  }
}

function isPlain(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value) as null)
}
