/** So soon after the last message another one is likely, in milliseconds. */
const SOON = 0.5
/** How long to look out for it, in milliseconds. */
const MOMENT = 0.25
/** How long not to, once the processors were found to be needed elsewhere, in milliseconds. */
const REST = 20
/** Of the time that looking out took, what must have been spent on doing so. */
const ENOUGH = 0.5

/**
 * Keeps the thread's event loop turning for a moment after a message, while messages come in quick succession: to be
 * woken for each takes longer than to answer it. It ends when others need the processor.
 */
export class Wakefulness {
  readonly #look: (again: boolean) => boolean
  #last = 0
  #until = 0
  #rests = 0
  #begun: { readonly at: number; readonly used: number } | undefined

  /** `look` takes what comes by other ways than the event loop, and says whether there was something; `again`: it will be called again soon. */
  constructor(look: (again: boolean) => boolean) {
    this.#look = look
  }

  get isAwake(): boolean {
    return this.#begun !== undefined
  }

  /** A message has come. */
  note(): void {
    const now = performance.now()
    const soon = now - this.#last < SOON
    this.#last = now
    if (!soon || now < this.#rests) return
    this.#until = now + MOMENT
    if (this.#begun) return
    this.#begun = { at: now, used: used() }
    setImmediate(this.#turn)
  }

  readonly #turn = (): void => {
    const now = performance.now()
    const again = now < this.#until
    if (this.#look(again)) this.note()
    if (again || now < this.#until) return void setImmediate(this.#turn)
    const { at, used: before } = this.#begun as { at: number; used: number }
    this.#begun = undefined
    if (used() - before < (now - at) * ENOUGH) this.#rests = now + REST
  }
}

/** What this thread has used of a processor, in milliseconds. */
function used(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
