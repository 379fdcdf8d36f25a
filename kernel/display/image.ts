import { readFile } from 'node:fs/promises'
import { inspect } from 'node:util'
import { UsageError } from '../errors.ts'
import { type DescribedBundle, DISPLAY, type Displayable, METADATA } from './bundle.ts'

export interface ImageOptions {
  /** In pixels of the page. Default: the image's own size. */
  readonly width?: number
  readonly height?: number
}

/**
 * An image to display or to end a cell with: PNG, JPEG, GIF, WebP, BMP or SVG, from its bytes, a file, an address
 * (`https:` or `data:`), or the text of an SVG.
 *
 * @example
 * await display(image('plot.png', { width: 400 }))
 */
export function image(source: string | URL | Uint8Array | ArrayBuffer | Blob, { width, height }: ImageOptions = {}): Displayable {
  return {
    async [DISPLAY]() {
      const bytes = await bytesOf(source)
      const bundle = imageBundle(bytes)
      if (!bundle) throw new UsageError(`${describe(source)} is no image that front ends show: PNG, JPEG, GIF, WebP, BMP or SVG.`)
      const size = { ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }) }
      return { ...bundle, [METADATA]: Object.fromEntries(Object.keys(bundle).filter(type => type.startsWith('image/')).map(type => [type, size])) }
    }
  }
}

/** Bytes as the image that they begin like; undefined for none. */
export function imageBundle(bytes: Uint8Array): DescribedBundle | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [type] = signatures.find(([, isLike]) => isLike(buffer)) ?? []
  if (!type) return undefined
  const content = type === 'image/svg+xml' ? buffer.toString('utf8') : buffer.toString('base64')
  return { [type]: content, 'text/plain': `${type}, ${buffer.length} bytes` }
}

/** How the formats begin. */
const signatures: readonly (readonly [type: string, isLike: (bytes: Buffer) => boolean])[] = [
  ['image/png', bytes => bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))],
  ['image/jpeg', bytes => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))],
  ['image/gif', bytes => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6))],
  ['image/webp', bytes => /^RIFF[^]{4}WEBP/.test(bytes.toString('latin1', 0, 12))],
  ['image/bmp', bytes => /^BM[^]{4}\0{4}/.test(bytes.toString('latin1', 0, 10))],
  ['image/svg+xml', bytes => /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]/.test(bytes.toString('utf8', 0, 2000))]
]

async function bytesOf(source: unknown): Promise<Uint8Array> {
  if (typeof source === 'string' && source.trimStart().startsWith('<')) return Buffer.from(source)
  if ((typeof source === 'string' || source instanceof URL) && isAddress.test(String(source))) return download(String(source))
  if (typeof source === 'string' || source instanceof URL) return readFile(source).catch((cause: Error) => unreadable(source, cause))
  if (source instanceof Blob) return source.bytes()
  if (source instanceof ArrayBuffer) return new Uint8Array(source)
  if (source instanceof Uint8Array) return source
  throw new UsageError(`image() takes bytes, the name of a file or an address, not ${inspect(source, { depth: 0 })}.`)
}

const isAddress = /^(?:https?|data):/i

async function download(address: string): Promise<Uint8Array> {
  const response = await fetch(address).catch((cause: unknown) => {
    throw new UsageError(`image() can't load ${short(address)}: ${String((cause as Error).cause ?? cause)}.`, { cause })
  })
  if (!response.ok) throw new UsageError(`image() can't load ${short(address)}: the server says ${response.status} ${response.statusText}.`)
  return response.bytes()
}

const short = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text)

function unreadable(source: string | URL, { message }: Error): never {
  throw new UsageError(`image() can't read the file "${String(source)}": ${message.replace(/,.*/s, '')}. It is looked for in ${process.cwd()}.`)
}

const describe = (source: unknown): string => (typeof source === 'string' || source instanceof URL ? `"${short(String(source))}"` : 'What image() got')
