import { UsageError } from '../errors.ts'
import { type Bundle, DISPLAY, type Displayable } from './bundle.ts'

const TYPE = 'application/vnd.vegalite.v5+json'
const SCHEMA = 'https://vega.github.io/schema/vega-lite/v5.json'

/**
 * A chart of Vega-Lite to display or to end a cell with; the front end draws it.
 *
 * @example
 * vegaLite({ data: { values: [{ x: 1, y: 2 }, { x: 2, y: 5 }] }, mark: 'line', encoding: { x: { field: 'x' }, y: { field: 'y' } } })
 */
export function vegaLite(spec: object): Displayable {
  const bundle = vegaLiteBundle(spec)
  if (!bundle) throw new UsageError('vegaLite() takes a specification: an object with data, mark and encoding, or with layers of them.')
  return { [DISPLAY]: () => bundle }
}

export function vegaLiteBundle(spec: unknown): Bundle | undefined {
  if (typeof spec !== 'object' || spec === null) return undefined
  return { [TYPE]: { $schema: SCHEMA, ...spec }, 'text/plain': 'A Vega-Lite chart' }
}
