import type { Chain } from '../language/chain.ts'
import { isFromOutside } from '../language/inspection.ts'
import { type Typing, typingOf, type Wish } from '../typings/typings.ts'
import type { Sources } from './answers.ts'
import type { Question } from './protocol.ts'

/** What declaration files say of a name that no cell declares. */
export interface Undeclared extends Typing {
  readonly signature: string
  /** Whether TypeScript would say the same. */
  readonly isSure: boolean
}

/** Undefined where they don't say it in so many words. */
export async function typingAt({ expression, start, end }: Chain, { code, offset }: Extract<Question, { type: 'inspect' }>, sources: Sources): Promise<Undeclared | undefined> {
  const isNew = /\bnew\s+$/.test(code.slice(0, start))
  const isCall = offset > end
  const wish = wishFor(expression, sources)
  // What is made with `new` TypeScript shows by how it is made.
  if (!wish || (isNew && !isCall)) return undefined
  // A file or folder that can't be read is no matter of who asks: TypeScript will say what it can.
  const typing = await typingHere({ ...wish, call: isCall ? (isNew ? 'new' : 'plain') : undefined }).catch(() => undefined)
  if (!typing || (isCall ? typing.calls.length === 0 : typing.signature === undefined)) return undefined
  return { ...typing, signature: typing.signature ?? '', isSure: isFromOutside(code, wish.root) }
}

const typingHere = async (wish: Omit<Wish, 'folder'>): Promise<Typing | undefined> => typingOf({ folder: process.cwd(), ...wish })

type Place = Omit<Wish, 'folder' | 'call'> & { readonly root: string }

function wishFor(expression: string, { notebook, evaluator }: Sources): Place | undefined {
  const names = expression.split(/\??\./)
  const [root = ''] = names
  const isPath = names.every(name => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name))
  const declaration = isPath ? notebook.declaration(root) : undefined
  if (declaration?.kind === 'import') return { root, path: names, imported: declaration }
  if (isPath && !declaration) return { root, path: names }
  const [, owner = '', member = ''] = /^([^]+?)\??\.([\p{ID_Start}$_][\p{ID_Continue}$]*)$/u.exec(expression) ?? []
  const type = owner === '' ? undefined : typeOfOwner(evaluator.peek(owner)?.value, member)
  return type === undefined ? undefined : { root, path: [member], type }
}

/** The global class that gives a value this member. */
function typeOfOwner(value: unknown, member: string): string | undefined {
  if (value === undefined || value === null || typeof value === 'function') return undefined
  const object = Object(value) as object
  for (let prototype: unknown = Object.getPrototypeOf(object); prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    const { name } = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value ?? {}
    if (typeof name === 'string' && Object.getOwnPropertyDescriptor(globalThis, name)?.value?.prototype === prototype) return name
    // A class of the notebook's own has its own types.
    if (Object.hasOwn(prototype as object, member)) return undefined
  }
  return undefined
}
