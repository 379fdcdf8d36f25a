import { bytesOf } from '../comms/buffers.ts'
import { UsageError } from '../errors.ts'
import { type Attribute, boolean, bytes, number, reference, text } from './attributes.ts'
import { Layout } from './models.generated.ts'
import { widgetClass } from './widget-class.ts'
import type { Widget } from './widget.ts'

/** Who draws such widgets: the front end's extension `anywidget`, which is set up with JupyterLab. */
const VERSION = '~0.11.*'

export interface CustomDefinition<S extends object> {
  /** An ES module for the browser, whose default export has `render({ model, el })`, as anywidget has it. */
  readonly module: string
  readonly css?: string
  /** What both sides share, with its first values. */
  readonly state: S
}

export type CustomWidget<S extends object> = Widget & S & { layout: Layout }

let defined = 0

/**
 * A class of widgets of your own: an ES module draws them in the browser, and what its `model` gets and sets are typed
 * properties here. It follows the specification of anywidget (https://anywidget.dev).
 *
 * @example
 * const Counter = customWidget({
 *   state: { count: 0 },
 *   module: `export default { render({ model, el }) {
 *     const button = document.createElement('button')
 *     const show = () => { button.textContent = model.get('count') }
 *     button.onclick = () => { model.set('count', model.get('count') + 1); model.save_changes() }
 *     model.on('change:count', show); show(); el.append(button)
 *   } }`
 * })
 * const counter = new Counter({ count: 5 })
 */
export function customWidget<S extends object>({ module, css = '', state }: CustomDefinition<S>): new (values?: Partial<S>) => CustomWidget<S> {
  if (typeof module !== 'string' || !/\bexport\b/.test(module)) throw new UsageError('customWidget needs a module: the text of an ES module that exports a default with render({ model, el }).')
  const own = Object.entries(state).map(([name, initial]) => [name, { ...attributeFor(initial), wire: name }])
  const attributes = {
    layout: reference(() => Layout),
    anywidgetId: { ...text(`paracell.${++defined}`), wire: '_anywidget_id' },
    esm: { ...text(module), wire: '_esm' },
    css: { ...text(css), wire: '_css' },
    ...Object.fromEntries(own)
  } as Record<string, Attribute<unknown>>
  class Custom extends widgetClass(['AnyModel', 'AnyView', 'anywidget', VERSION], attributes) {}
  return Custom as unknown as new (values?: Partial<S>) => CustomWidget<S>
}

function attributeFor(initial: unknown): Attribute<unknown> {
  if (typeof initial === 'string') return text(initial) as Attribute<unknown>
  if (typeof initial === 'boolean') return boolean(initial) as Attribute<unknown>
  if (typeof initial === 'number') return number(initial) as Attribute<unknown>
  if (bytesOf(initial)) return { ...bytes, initial } as Attribute<unknown>
  return { initial, problem: value => (isData(value) ? undefined : 'something that JSON or a buffer can carry') }
}

function isData(value: unknown): boolean {
  return typeof value !== 'function' && typeof value !== 'symbol' && typeof value !== 'bigint'
}
