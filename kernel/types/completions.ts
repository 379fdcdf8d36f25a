import { CompletionItemKind, type CompletionItem } from 'vscode-languageserver-types'
import type { Completion } from '../session/protocol.ts'
import { fromServer } from './positions.ts'

/** What TypeScript offers at a place: the most fitting first. */
export interface TypedCompletion {
  readonly start: number
  readonly items: readonly TypedItem[]
  /** Whether only these fit, and not any name: a property of an object literal, a part of a path. */
  readonly isSpecial: boolean
}

export interface TypedItem {
  readonly text: string
  readonly type: string
}

/** Items of the server that can be inserted as they are and begin with what stands before `offset`. */
export function typedCompletion(items: readonly CompletionItem[], code: string, offset: number): TypedCompletion {
  const word = offset - (/[\p{ID_Continue}$]*$/u.exec(code.slice(0, offset))?.[0].length ?? 0)
  const placed = withoutTypeFiles(items.flatMap(item => place(item, code, word)))
  const start = placed.find(item => item.start !== word)?.start ?? word
  const typed = code.slice(start, offset)
  const here = placed.filter(item => item.start === start)
  // Other letters only help who has nothing right yet.
  const best = Math.min(1, ...here.map(item => rank(item.text, typed)))
  const fitting = here.filter(item => rank(item.text, typed) <= best)
  const key = ({ sortText, type }: Placed): string => `${sortText} ${type === 'keyword' ? 1 : 0}`
  const sorted = fitting.toSorted((a, b) => compare(key(a), key(b)) || compare(a.text.toLowerCase(), b.text.toLowerCase()))
  const isSpecial = items.length > 0 && !items.some(({ label }) => label === 'globalThis')
  return { start, isSpecial, items: sorted.map(({ text, type }) => ({ text, type })) }
}

interface Placed extends TypedItem {
  readonly start: number
  readonly sortText: string
}

function place(item: CompletionItem, code: string, word: number): Placed[] {
  const { textEdit, insertText, label, sortText = '', kind, additionalTextEdits } = item
  if (additionalTextEdits) return []
  const text = textEdit?.newText ?? insertText ?? label
  const type = types[kind ?? CompletionItemKind.Text] ?? 'text'
  // `a.b` where TypeScript wants `a?.b`: the name is what was asked for.
  if (text.startsWith('?.')) return [{ text: text.slice(2), type, sortText, start: word }]
  if (text.startsWith('[')) return []
  const range = textEdit && ('range' in textEdit ? textEdit.range : textEdit.insert)
  return [{ text, type, sortText, start: (range && fromServer(code, range.start)) ?? word }]
}

/** Of the files of a package, those with types can't be imported. */
function withoutTypeFiles(items: readonly Placed[]): Placed[] {
  const isTypes = /\.d\.([mc]?)ts$/
  const names = new Set(items.map(({ text }) => text))
  return items.flatMap(item => {
    if (item.type !== 'path' || !isTypes.test(item.text)) return [item]
    const text = item.text.replace(isTypes, '.$1js')
    return names.has(text) ? [] : [{ ...item, text }]
  })
}

/** 0 for a beginning as typed, 1 for one in other letters, 2 for neither. */
function rank(text: string, typed: string): 0 | 1 | 2 {
  if (text.startsWith(typed)) return 0
  return text.toLowerCase().startsWith(typed.toLowerCase()) ? 1 : 2
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** As Jupyter's front ends know them. */
const types: Readonly<Partial<Record<CompletionItemKind, string>>> = {
  [CompletionItemKind.Method]: 'function',
  [CompletionItemKind.Function]: 'function',
  [CompletionItemKind.Constructor]: 'function',
  [CompletionItemKind.Field]: 'property',
  [CompletionItemKind.Property]: 'property',
  [CompletionItemKind.Variable]: 'instance',
  [CompletionItemKind.Constant]: 'instance',
  [CompletionItemKind.Class]: 'class',
  [CompletionItemKind.Interface]: 'interface',
  [CompletionItemKind.TypeParameter]: 'interface',
  [CompletionItemKind.Module]: 'module',
  [CompletionItemKind.Enum]: 'enum',
  [CompletionItemKind.EnumMember]: 'property',
  [CompletionItemKind.Keyword]: 'keyword',
  [CompletionItemKind.File]: 'path',
  [CompletionItemKind.Folder]: 'path'
}

/** What both know, without repeating it: types first, then what only the values have, what every object has last. */
export function merged(typed: TypedCompletion | undefined, live: Completion | undefined, offset: number): Completion {
  const found = matchesOf(live)
  if (!typed || typed.items.length === 0) return live ?? toCompletion([], offset, offset)
  const known = new Set(typed.items.map(({ text }) => text))
  const more = live?.start === typed.start ? found.filter(({ text }) => !known.has(text)) : []
  const late = ({ text, type }: TypedItem): boolean => type === 'keyword' || text in Object.prototype
  const items = [...typed.items.map(item => refined(item, found)), ...more.filter(item => !late(item)), ...more.filter(late)]
  return toCompletion(items.filter(({ text }) => !/^__\w+__$/.test(text)), typed.start, offset)
}

/** To TypeScript, what another cell declares is a variable; its value tells more. */
function refined(item: TypedItem, live: readonly TypedItem[]): TypedItem {
  return item.type === 'instance' ? (live.find(({ text }) => text === item.text) ?? item) : item
}

function matchesOf(live: Completion | undefined): TypedItem[] {
  const types = live?.metadata[TYPES] as readonly TypedItem[] | undefined
  return live?.matches.map((text, index) => ({ text, type: types?.[index]?.type ?? 'text' })) ?? []
}

function toCompletion(items: readonly TypedItem[], start: number, end: number): Completion {
  return { matches: items.map(({ text }) => text), start, end, metadata: { [TYPES]: items.map(({ text, type }) => ({ text, type, start, end })) } }
}

const TYPES = '_jupyter_types_experimental'
