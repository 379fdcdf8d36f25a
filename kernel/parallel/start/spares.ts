import { isDeepStrictEqual } from 'node:util'
import type { StartedProcess, StartOptions } from './starter.ts'

/** How many processes wait ahead of need, and for how long after the last start, in milliseconds. */
const COUNT = 2
const PATIENCE = 5000

type Setting = Required<StartOptions>

interface Spare {
  readonly setting: Setting
  /** Nothing where it couldn't be started: who needs one hears why, or has more luck. */
  readonly started: Promise<StartedProcess | undefined>
}

/** Processes that are started ahead, for whoever starts more of the same kind soon. */
export class Spares {
  readonly #launch: (setting: Setting) => Promise<StartedProcess>
  readonly #spares = new Set<Spare>()
  #hasStarted = false
  #timer: NodeJS.Timeout | undefined

  constructor(launch: (setting: Setting) => Promise<StartedProcess>) {
    this.#launch = launch
  }

  /** One with this environment in this folder, if there is one. It may have ended just now. */
  take(setting: Setting): Promise<StartedProcess | undefined> | undefined {
    for (const spare of this.#spares) {
      if (!isDeepStrictEqual(spare.setting, setting)) continue
      this.#spares.delete(spare)
      return spare.started
    }
    return undefined
  }

  /** Has some ready for those who start the like soon: after the second start, since many start only one. */
  prepare(setting: Setting): void {
    if (!this.#hasStarted) {
      this.#hasStarted = true
      return
    }
    for (const spare of this.#spares) if (!isDeepStrictEqual(spare.setting, setting)) this.#end(spare)
    while (this.#spares.size < COUNT) this.#add(setting)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.end(), PATIENCE).unref()
  }

  end(): void {
    clearTimeout(this.#timer)
    for (const spare of this.#spares) this.#end(spare)
  }

  #add(setting: Setting): void {
    const spare = { setting, started: this.#launch(setting).catch(() => undefined) }
    this.#spares.add(spare)
    void spare.started.then(started => started?.exited).then(() => this.#spares.delete(spare))
  }

  #end(spare: Spare): void {
    this.#spares.delete(spare)
    void spare.started.then(started => started?.kill('SIGKILL'))
  }
}
