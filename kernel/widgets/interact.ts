import { inspect, type InspectOptions } from 'node:util'
import { comms } from '../comms/comms.ts'
import { UsageError } from '../errors.ts'
import { display } from '../display/display.ts'
import { Button } from './controls.ts'
import * as models from './models.generated.ts'
import { Output } from './output.ts'
import { type Control, controlsOf, type Parameters, type ValuesOf } from './parameters.ts'
import { type Run, Runner } from './runner.ts'
import type { Widget } from './widget.ts'

export interface InteractiveOptions {
  /** Run only when a button is pressed, and what that says. Default: run at each change. */
  readonly manual?: boolean | string
}

type Work<P extends Parameters> = (values: ValuesOf<P>, run: Run) => unknown

/**
 * Controls, and under them what a function prints, shows and returns for their values. A change ends the run under way,
 * with the threads and processes that it has started, and begins a new one.
 *
 * @example
 * const view = interactive({ count: [1, 10] }, ({ count }) => count ** 2)
 * view.controls.count.value = 3
 */
export class Interactive<P extends Parameters = Parameters> extends models.VBox {
  readonly controls: { readonly [Name in keyof P]: Control<ValuesOf<P>[Name]> }
  /** What the function prints, shows and returns is shown here. */
  readonly output: Output
  readonly #runner: Runner

  constructor(parameters: P, work: Work<P>, { manual = false }: InteractiveOptions = {}) {
    checkArguments(parameters, work)
    const controls = controlsOf(parameters)
    const output = new Output()
    const button = manual === false ? [] : [new Button({ description: manual === true ? 'Run' : manual })]
    super([...controls.map(([, control]) => control), ...button, output], { domClasses: ['widget-interact'] })
    this.controls = Object.fromEntries(controls) as typeof this.controls
    this.output = output
    this.#runner = new Runner(output.id, run => work(this.values, run))
    this.#listen(controls.map(([, control]) => control), button[0])
  }

  /** What the controls hold. */
  get values(): ValuesOf<P> {
    return Object.fromEntries(Object.entries<Control>(this.controls).map(([name, control]) => [name, control.value])) as ValuesOf<P>
  }

  override [inspect.custom](_depth: number, options: InspectOptions): string {
    return `Interactive ${inspect(this.values, options)}`
  }

  /** Runs the function for the values as they are; resolves when no newer run is under way. */
  async run(): Promise<void> {
    this.#runner.request()
    await this.#runner.settled()
  }

  /** Resolves when nothing runs, or is about to. */
  async settled(): Promise<void> {
    await this.#runner.settled()
  }

  /** Ends the run under way. */
  stop(): void {
    this.#runner.stop()
  }

  #listen(controls: readonly Control[], button: Button | undefined): void {
    const run = () => this.#runner.request()
    if (button) button.onClick(run)
    else for (const control of controls) control.observe('value', run)
    const interrupted = comms()?.onInterrupt(() => this.#runner.interrupt())
    const ids = new Set((button ? [button] : controls).map(({ id }) => id))
    const late = comms()?.onLate(changed => this.#runner.isCaller && changed.some(id => ids.has(id)))
    this.onClose(() => {
      interrupted?.()
      late?.()
      this.#runner.close()
    })
    if (!button) run()
  }
}

/**
 * Shows controls for a function's parameters, and under them what it prints, shows and returns, anew at each change.
 * The second argument of the function has a `signal`, which is aborted when a newer value makes the run stale.
 *
 * @example interact({ count: [1, 10], name: 'Hello' }, ({ count, name }) => name.repeat(count))
 */
export function interact<const P extends Parameters>(parameters: P, work: Work<P>): void {
  show(interactive(parameters, work))
}

/** The same with a button: the function runs when that is pressed. */
export function interactManual<const P extends Parameters>(parameters: P, work: Work<P>, label: string | true = true): void {
  show(interactive(parameters, work, { manual: label }))
}

/** The same as a widget, to show where and when you like. */
export function interactive<const P extends Parameters>(parameters: P, work: Work<P>, options: InteractiveOptions = {}): Interactive<P> {
  return new Interactive(parameters, work, options)
}

function checkArguments(parameters: unknown, work: unknown): void {
  if (typeof parameters !== 'object' || parameters === null) throw new UsageError(`interact takes parameters first, as in { count: [1, 10] }, not ${inspect(parameters, { depth: 0 })}.`)
  if (typeof work !== 'function') throw new UsageError(`interact takes a function of the parameters, as in ({ count }) => …, not ${inspect(work, { depth: 0 })}.`)
}

function show(widget: Widget): void {
  void display(widget)
}
