import type { Sink } from '../output/sink.ts'
import { uniqueId } from '../random.ts'
import { currentOwner } from '../session/owner.ts'
import type { CellError, MimeBundle, Owner } from '../session/protocol.ts'
import type { Bundle, Displayable } from './bundle.ts'
import { DISPLAY, toShown } from './mime.ts'

let screen: Sink | undefined
let describeError: ((error: unknown) => CellError) | undefined

/** Tells where this thread or process shows things. */
export function showOn(sink: Sink): void {
  screen = sink
}

/** Tells how errors look. */
export function showErrorsAs(describe: (error: unknown) => CellError): void {
  describeError = describe
}

/** Shows an error as a cell does that fails with it. */
export function displayError(error: unknown): void {
  if (describeError) screen?.event({ type: 'error', owner: currentOwner(), error: describeError(error) })
}

/** Tells an Output widget whose output it shows from now on, or that there will be no more. */
export function displayRun(owner: Owner, state: 'begun' | 'ended'): void {
  screen?.event({ type: 'run', owner, state })
}

export interface DisplayOptions {
  /** Name by which the output can be updated. Default: one that nobody else has. */
  readonly id?: string
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** What was displayed, to show something else in its place. */
export interface DisplayHandle extends Displayable {
  readonly id: string
  update(value: unknown, options?: Pick<DisplayOptions, 'metadata'>): Promise<void>
}

/**
 * Shows a value in the cell, as the value at a cell's end would be shown.
 *
 * @example
 * const shown = await display(html`<b>0 %</b>`)
 * await shown.update(html`<b>100 %</b>`)
 */
export async function display(value: unknown, { id = uniqueId(), metadata = {} }: DisplayOptions = {}): Promise<DisplayHandle> {
  await show(value, `${id}`, metadata, false)
  return new ShownDisplay(`${id}`)
}

/** Updates from whatever thread or process it is in. */
export class ShownDisplay implements DisplayHandle {
  readonly id: string
  readonly update = (next: unknown, { metadata = {} }: Pick<DisplayOptions, 'metadata'> = {}): Promise<void> => show(next, this.id, metadata, true)

  constructor(id: string) {
    this.id = id
  }

  /** A cell that ends with it has shown what it wanted to show. */
  [DISPLAY](): Bundle {
    return {}
  }
}

async function show(value: unknown, displayId: string, metadata: Readonly<Record<string, unknown>>, update: boolean): Promise<void> {
  const owner = currentOwner()
  const shown = await toShown(value, metadata)
  screen?.event({ type: 'display', owner, ...shown, displayId, update })
}

/**
 * Removes what the cell has shown so far; with `wait`, only when something new is shown. Default: at once.
 *
 * @example clearOutput({ wait: true })
 */
export function clearOutput({ wait = false }: { readonly wait?: boolean } = {}): void {
  screen?.event({ type: 'clear', owner: currentOwner(), wait })
}

/**
 * A value that is shown as the given media types: the front end takes the best that it knows.
 *
 * @example mime({ 'text/plain': 'one half', 'text/latex': String.raw`$\frac{1}{2}$` })
 */
export function mime(bundle: MimeBundle): { [DISPLAY](): MimeBundle } {
  return { [DISPLAY]: () => bundle }
}

type Tag = (strings: TemplateStringsArray | string, ...values: readonly unknown[]) => { [DISPLAY](): MimeBundle }

/**
 * HTML to display or to end a cell with, from a template or a text. What is put in is not escaped.
 *
 * @example html`<b>${1 + 1}</b>`
 */
export const html: Tag = tagFor('text/html')
/**
 * Markdown to display or to end a cell with.
 *
 * @example markdown`# ${1 + 1}`
 */
export const markdown: Tag = tagFor('text/markdown')
/**
 * LaTeX to display or to end a cell with. In a template a backslash is one.
 *
 * @example latex`$\frac{1}{2}$`
 */
export const latex: Tag = tagFor('text/latex', true)
/**
 * SVG to display or to end a cell with.
 *
 * @example svg`<svg width="10" height="10"><circle cx="5" cy="5" r="5"/></svg>`
 */
export const svg: Tag = tagFor('image/svg+xml')

/** Called as a function it takes a text, or what becomes one. */
const isTemplate = (strings: unknown): strings is TemplateStringsArray => Array.isArray(strings) && 'raw' in strings

function tagFor(type: string, isRaw = false): Tag {
  return (strings, ...values) => {
    const text = isTemplate(strings) ? String.raw({ raw: isRaw ? strings.raw : strings }, ...values) : String(strings)
    return mime({ [type]: text, 'text/plain': text })
  }
}
