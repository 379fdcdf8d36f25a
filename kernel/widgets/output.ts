import { comms, type Data } from '../comms/comms.ts'
import { clearOutput, display } from '../display/display.ts'
import { runWith } from '../session/owner.ts'
import * as models from './models.generated.ts'

/**
 * A place in the notebook for what something prints and shows, wherever that runs: what starts in `capture`, threads
 * and processes included, is shown here, and nothing else is.
 *
 * @example
 * const output = new Output()
 * await output.capture(() => console.log('in the box'))
 */
export class Output extends models.Output {
  /** Runs a function whose output, now and later, is shown here. Returns what it returns. */
  capture<T>(run: () => T): T {
    // Workers have ways of their own to the front, which has to know this widget first.
    comms()?.sayHeld()
    return runWith({ output: this.id }, run)
  }

  /** @internal What is shown is the front's to know, which puts it together. */
  override get(name: string): unknown {
    return name === 'outputs' && !this.isClosed ? comms()?.outputsOf(this.id) : super.get(name)
  }

  /** Adds a value, as the end of a cell would show it. */
  async append(value: unknown): Promise<void> {
    await this.capture(() => display(value))
  }

  /** Adds text. */
  print(text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    this.capture(() => process[stream].write(text))
  }

  /** At once, so that what is printed next comes behind what is set. */
  override set(values: Data): void {
    super.set(values)
    this.flush()
  }

  protected override isSame(name: string, value: unknown): boolean {
    return name !== 'outputs' && super.isSame(name, value)
  }

  /** Removes what is shown; with `wait`, only when something new is shown. */
  clear(options: { readonly wait?: boolean } = {}): void {
    this.capture(() => clearOutput(options))
  }
}
