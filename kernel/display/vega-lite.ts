import { UsageError } from '../errors.ts'
import { type Bundle, DISPLAY, type Displayable } from './bundle.ts'

const TYPE = 'application/vnd.vegalite.v5+json'
/** Of specifications that name Vega itself. */
const VEGA_TYPE = 'application/vnd.vega.v5+json'
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
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) return undefined
  // All numbers of a chart are plain ones.
  const whole = JSON.parse(JSON.stringify({ $schema: SCHEMA, ...spec }, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))) as { readonly $schema: unknown }
  const isVega = /\/vega\/v\d/.test(String(whole.$schema))
  return { [isVega ? VEGA_TYPE : TYPE]: whole, 'text/plain': `A ${isVega ? 'Vega' : 'Vega-Lite'} chart` }
}
