import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Hover, LocationLink, MarkupContent, SignatureHelp, SignatureInformation } from 'vscode-languageserver-types'
import { withoutModules } from './history.ts'
import type { Inspection } from '../session/protocol.ts'

/** What TypeScript knows about the place of the cursor. */
export interface TypedInspection {
  /** TypeScript: how it is declared, or the call that the cursor is in. */
  readonly signature: string
  /** Markdown. */
  readonly documentation: string
  /** TypeScript, where it was asked for. */
  readonly source?: string
}

/** Lines of source that are shown at most. */
const MOST_LINES = 200

/** What a hover says; undefined where it says nothing. */
export function readHover(hover: Hover | null): TypedInspection | undefined {
  const markdown = hover && (hover.contents as MarkupContent).value
  const [all, code = ''] = /^```\w*\n([^]*?)\n```\n?/.exec(markdown ?? '') ?? []
  if (!markdown || all === undefined) return undefined
  const signature = withoutModules(code.replace(/^\(alias\) /, '').replace(/\nimport [^\n]*$/, ''))
  // So it speaks of names that nobody declared.
  if (signature === 'any') return undefined
  return { signature, documentation: markdown.slice(all.length).trim() }
}

/** The call that the cursor is in, with the argument that is being written. */
export function readSignature(help: SignatureHelp | null): TypedInspection | undefined {
  const signature = help?.signatures[help.activeSignature ?? 0]
  if (!help || !signature) return undefined
  const others = help.signatures.length - 1
  const parameter = currentParameter(signature, help)
  const texts = [parameter, markdownOf(signature.documentation), others > 0 ? `${others} more signature${others > 1 ? 's' : ''}` : '']
  return { signature: signature.label, documentation: texts.filter(text => text !== '').join('\n\n') }
}

function currentParameter({ label, parameters, activeParameter }: SignatureInformation, help: SignatureHelp): string {
  const parameter = parameters?.[activeParameter ?? help.activeParameter ?? 0]
  if (!parameter) return ''
  const name = typeof parameter.label === 'string' ? parameter.label : label.slice(...parameter.label)
  const explained = markdownOf(parameter.documentation)
  return `Argument **\`${name}\`**${explained === '' ? '' : `: ${explained}`}`
}

const markdownOf = (text: string | MarkupContent | undefined): string => (typeof text === 'string' ? text : (text?.value ?? ''))

/** The text of what was found, from the disk or from the notebook. */
export async function readSource(links: readonly LocationLink[] | null, notebook: (uri: string) => string | undefined): Promise<string | undefined> {
  const [link] = links ?? []
  // The line that declares a variable of another cell again says nothing.
  if (!link || (link.targetRange.end.line === 0 && notebook(link.targetUri) !== undefined)) return undefined
  const text = notebook(link.targetUri) ?? (await readFile(fileURLToPath(link.targetUri), 'utf8').catch(() => undefined))
  const { start, end } = link.targetRange
  const lines = text?.split('\n').slice(start.line, end.line + 1) ?? []
  const last = lines.length - 1
  const cut = lines.map((line, index) => line.slice(index === 0 ? start.character : 0, index === last ? end.character : undefined))
  return cut.length > MOST_LINES ? [...cut.slice(0, MOST_LINES), '…'].join('\n') : cut.join('\n')
}

/** Types and documentation, then the value as it is now. */
export function mergedInspection(typed: TypedInspection | undefined, live: Inspection | undefined): Inspection {
  if (!typed) return live ?? { found: false, data: {}, metadata: {} }
  const { signature, documentation, source } = typed
  const value = valueOf(live)
  const plain = [signature, plainText(documentation), source ?? '', value].filter(text => text !== '')
  const markdown = [fenced(signature), documentation, source === undefined ? '' : fenced(source), value === '' ? '' : `\`\`\`\n${value}\n\`\`\``]
  return { found: true, data: { 'text/plain': plain.join('\n\n'), 'text/markdown': markdown.filter(text => text !== '').join('\n\n') }, metadata: {} }
}

/** Of what the session shows of a value, the value; of a function TypeScript shows more. */
function valueOf(live: Inspection | undefined): string {
  const [head = '', ...rest] = String(live?.data['text/plain'] ?? '').split('\n\n')
  return /: (?:function|class)$/.test(head) ? '' : rest.join('\n\n')
}

const fenced = (code: string): string => `\`\`\`typescript\n${code}\n\`\`\``

const plainText = (markdown: string): string => markdown.replaceAll('**', '').replaceAll('`', '')
