import type { Input, InputOptions } from './input.ts'

/** Gives cells the browser's dialogs, which block, and `input`, which doesn't. */
export function installDialogs(inputs: Input): void {
  Object.assign(globalThis, {
    /** The line that the user typed; `fallback` when it is empty. */
    prompt: (message = 'Prompt', fallback: string | null = null): string | null => inputs.ask(`${message} `) || fallback,
    confirm: (message = 'Confirm'): boolean => /^y(es)?$/i.test(inputs.ask(`${message} [y/N] `)),
    alert: (message = 'Alert'): void => void inputs.ask(`${message} [Enter] `),
    input: (message = '', options?: InputOptions): Promise<string> => inputs.askLater(message, options)
  })
}
