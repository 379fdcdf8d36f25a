/** What the global `__paracell__` offers to transformed code, in the session and in every worker. */
export interface CellRuntime {
  /**
   * A module's exports, resolved from the notebook's folder. Rejects with a SyntaxError when the module lacks one of
   * `names`. `options` is the second argument of JavaScript's own `import()`: `{ with: { type: 'json' } }`.
   */
  import(specifier: unknown, names?: readonly string[], options?: unknown): Promise<Readonly<Record<string, unknown>>>
  /** `import.meta` */
  readonly meta: unknown
  /** The value of the cell. */
  result(value: unknown): void
  /** Registers a value to be disposed of when the cell ends, and returns it. Only in the session. */
  use<T>(value: T): T
  useAsync<T>(value: T): T
  /** The number of the cell's `await` that began last, counted from 1. Only in the session. */
  at?: number | undefined
  /** The number of the cell's statement that begins, counted from 1. Only in workers. */
  statement?: number
  /** Ends the user's code that runs below it on the stack, or whosever that is; if it is the work of one of these cells. Only in the session. */
  stop?(force: boolean, cells?: readonly string[]): void
  /** Where an interrupt has found the session's thread, when that was busy. */
  stack?: string | undefined
  /** Ends what runs now if newer values of these controls, by the ids of their comms, make it stale. Only in the session. */
  endStale?: (controls: readonly string[]) => void
  readonly constants: typeof constants
  readonly instances: typeof instances
}

/** Access to private members, as the class itself gives it. */
export interface PrivateMembers {
  readonly names: readonly string[]
  /** Their values, in the order of the names; undefined for an object that does not have them. */
  read(object: object): unknown[] | undefined
  fill(object: object, values: readonly unknown[]): void
}

/** What a class with private members tells of itself. */
export interface ClassAccess {
  /** Whether it extends another. */
  readonly derived: boolean
  /** How many its constructor has. */
  readonly parameters: number
  /** The private fields of instances; undefined when they have no private members. */
  readonly fields?: PrivateMembers
  readonly statics?: PrivateMembers
}

const known = new WeakMap<Function, ClassAccess>()

/** How instances of classes with private members are made again. */
export const instances = {
  /** Whether instances are made bare: none of their class's code runs then. */
  bare: false,
  know(type: Function, access: ClassAccess): void {
    known.set(type, access)
  },
  accessTo: (type: Function): ClassAccess | undefined => known.get(type),
}

/** The global's name in transformed code. */
export const runtimeName = '__paracell__'

/** What transformed code says before it waits for the `number`th time in its text. */
export const awaitNote = (number: number): string => `${runtimeName}.at = ${number}, `

/** What a worker's code says before the `number`th statement of its cell begins. */
export const statementNote = (number: number): string => `${runtimeName}.statement = ${number}; `

/**
 * Stands in for constants where a cell assigns to one. The notebook's variables have to be `let` for V8, so that a
 * later cell may declare them anew as something else: this keeps `const` constant.
 */
export const constants: Readonly<Record<string, unknown>> = new Proxy(Object.freeze({}), {
  set() {
    throw new TypeError('Assignment to constant variable.')
  },
})
