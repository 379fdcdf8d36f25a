import { inspect } from 'node:util'
import type { DescribedBundle } from './bundle.ts'
import { imageBundle } from './image.ts'
import { isRecords, recordsBundle } from './records.ts'
import { escapeHtml } from './table.ts'
import { vegaLiteBundle } from './vega-lite.ts'

/** Elements of a typed array that are shown, and how many stand in a line. */
const MOST_ELEMENTS = 200
const PER_LINE = 10
const LONGEST_TEXT = 2000

/** How a value is shown that doesn't say it itself, apart from its text. Undefined where the text says it all. */
export function richBundle(value: object): DescribedBundle | undefined {
  for (const show of ways) {
    const bundle = show(value as Partial<Rich>)
    if (bundle) return bundle
  }
  return undefined
}

/** What elements of documents, canvases, charts and data frames have. */
interface Rich {
  readonly outerHTML: unknown
  toDataURL(): unknown
  toSpec(): unknown
  toHTML(): unknown
}

const ways: readonly ((value: Partial<Rich>) => DescribedBundle | undefined)[] = [
  value => (Array.isArray(value) && isRecords(value) ? { 'text/html': recordsBundle(value)['text/html'] } : undefined),
  value => (value instanceof Uint8Array ? imageBundle(value) : undefined),
  value => (isNumbers(value) ? { 'text/html': numbersHtml(value) } : undefined),
  ({ outerHTML }) => (typeof outerHTML === 'string' ? { 'text/html': outerHTML, 'text/plain': outerHTML.slice(0, LONGEST_TEXT) } : undefined),
  value => (typeof value.toDataURL === 'function' ? dataUrlBundle(String(value.toDataURL())) : undefined),
  value => (typeof value.toSpec === 'function' ? vegaLiteBundle(value.toSpec()) : undefined),
  value => (typeof value.toHTML === 'function' ? htmlBundle(value.toHTML()) : undefined)
]

const htmlBundle = (html: unknown): DescribedBundle | undefined => (typeof html === 'string' ? { 'text/html': html } : undefined)

type Numbers = ArrayLike<number | bigint> & { readonly constructor: { readonly name: string } }

const isNumbers = (value: unknown): value is Numbers => ArrayBuffer.isView(value) && !(value instanceof DataView) && !Buffer.isBuffer(value)

function numbersHtml(numbers: Numbers): string {
  const lines = Array.from({ length: Math.ceil(Math.min(numbers.length, MOST_ELEMENTS) / PER_LINE) }, (_, line) => {
    const from = line * PER_LINE
    const cells = Array.from({ length: Math.min(PER_LINE, numbers.length - from) }, (__, index) => `<td>${inspect(numbers[from + index])}</td>`)
    return `<tr><th>${from}</th>${cells.join('')}</tr>`
  })
  const more = numbers.length > MOST_ELEMENTS ? `<p>… ${numbers.length - MOST_ELEMENTS} more</p>` : ''
  return `<p>${escapeHtml(numbers.constructor.name)}(${numbers.length})</p><table><tbody>${lines.join('')}</tbody></table>${more}`
}

/** Of a picture that a canvas gives. */
function dataUrlBundle(url: string): DescribedBundle | undefined {
  const [, type, data] = /^data:(image\/[\w+.-]+);base64,(.*)$/s.exec(url) ?? []
  return type === undefined ? undefined : { [type]: data }
}
