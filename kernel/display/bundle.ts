/** The method by which a value says how to show it: Deno's kernel and libraries made for it use the same symbol. */
export const DISPLAY = Symbol.for('Jupyter.display')

/** Contents by media type: text, base64 of what is binary, JSON. */
export type Bundle = Readonly<Record<string, unknown>>

/** Beside a bundle's contents, what the front end is told about them, by media type. The same in all threads and processes. */
export const METADATA: unique symbol = Symbol.for('Paracell.metadata')

export interface DescribedBundle extends Bundle {
  readonly [METADATA]?: Readonly<Record<string, unknown>>
}

/** A value that is shown as the given media types. */
export interface Displayable {
  [DISPLAY](): Bundle | Promise<Bundle>
}
