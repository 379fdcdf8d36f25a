import { referenceOf } from './faces.ts'
import { Operation } from './operations.ts'
import type { Asker } from './asker.ts'

/** The thread's copies of top-level classes of the notebook, by name, as far as it has them. */
export type FindClasses = () => Iterable<readonly [name: string, copy: Function]>

/**
 * Lets objects of the notebook be instances of the thread's copies of their classes. Nothing is asked before somebody
 * wants to know a prototype, and then once for each class.
 */
export class OwnClasses {
  readonly #asker: Asker
  readonly #asked = new Set<string>()
  /** What stands for the notebook's prototypes, and the thread's own. */
  readonly #prototypes = new Map<unknown, object>()
  readonly #classes = new Map<unknown, Function>()
  find: FindClasses = () => []

  constructor(asker: Asker) {
    this.#asker = asker
  }

  /** The thread's own prototype for one of the notebook's; any other as it is. */
  prototypeFor(theirs: object | null): object | null {
    const known = this.#prototypes.get(theirs)
    if (known || referenceOf(theirs) === undefined) return known ?? theirs
    this.#learnAll()
    return this.#prototypes.get(theirs) ?? theirs
  }

  /** The same for what objects say is their constructor. */
  classFor(theirs: unknown): unknown {
    if (typeof theirs !== 'function' || referenceOf(theirs) === undefined) return theirs
    this.#learnAll()
    return this.#classes.get(theirs) ?? theirs
  }

  #learnAll(): void {
    for (const [name, copy] of this.find()) this.#learn(name, copy)
  }

  #learn(name: string, copy: Function): void {
    if (this.#asked.has(name)) return
    this.#asked.add(name)
    const original = this.#asker.read(Operation.read, name)
    if (typeof original !== 'function') return
    this.#prototypes.set(original.prototype, copy.prototype as object)
    this.#classes.set(original, copy)
  }
}
