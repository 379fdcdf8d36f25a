import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Hover, LocationLink, MarkupContent, SignatureHelp } from 'vscode-languageserver-types'
import { type Explanation, explained, explainedCall } from '../language/explanation.ts'
import type { Inspection, LiveInspection } from '../session/protocol.ts'
import { withoutModules } from './history.ts'

/** Lines of source that are shown at most. */
const MOST_LINES = 200

/** What a hover says; undefined where it says nothing. */
export function readHover(hover: Hover | null): Explanation | undefined {
  const markdown = hover && (hover.contents as MarkupContent).value
  const [all, code = ''] = /^```\w*\n([^]*?)\n```\n?/.exec(markdown ?? '') ?? []
  if (!markdown || all === undefined) return undefined
  const signature = withoutModules(code.replace(/^\(alias\) /gm, '').replace(/\nimport [^\n]*$/, ''))
  // So it speaks of names that nobody declared.
  if (signature === 'any') return undefined
  return { signature, documentation: withoutModules(markdown.slice(all.length).trim()) }
}

/** The call that the cursor is in, with the argument that is being written. */
export function readSignature(help: SignatureHelp | null): Explanation | undefined {
  const signature = help?.signatures[help.activeSignature ?? 0]
  if (!help || !signature) return undefined
  const others = help.signatures.length - 1
  const { label, parameters, activeParameter } = signature
  const parameter = parameters?.[activeParameter ?? help.activeParameter ?? 0]
  const name = parameter && (typeof parameter.label === 'string' ? parameter.label : label.slice(...parameter.label))
  const more = others > 0 ? `${others} more signature${others > 1 ? 's' : ''}` : ''
  return explainedCall(withoutModules(label), name && withoutModules(name), markdownOf(parameter?.documentation), markdownOf(signature.documentation), more)
}

const markdownOf = (text: string | MarkupContent | undefined): string => withoutModules(typeof text === 'string' ? text : (text?.value ?? ''))

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

/** What TypeScript says, and the value as it is now. */
export function mergedInspection(typed: Explanation, live: LiveInspection | undefined): Inspection {
  return { found: true, data: explained(typed, live?.value ?? ''), metadata: {} }
}
