import { type JsDoc, readJsDoc } from '../language/jsdoc.ts'
import { textOf } from '../language/signature.ts'
import { callsOf, type DocumentedCall, signatureOf } from './describe.ts'
import { Library, type Source } from './library.ts'
import { CALLED, type Declared, MADE, membersOf, parentsOf, read, typeName } from './members.ts'
import { imported } from './modules.ts'
import type { Meaning } from './packages.ts'
import type { Statement } from './statements.ts'

/** What declaration files say of a name that no cell declares. */
export interface Typing {
  /** As TypeScript would show it, with the types that the file names; undefined where TypeScript would have to find them out, or calls are asked for. */
  readonly signature: string | undefined
  readonly doc: JsDoc
  /** The declaration. */
  readonly source: string
  /** The ways to call it, and what is said of each. */
  readonly calls: readonly DocumentedCall[]
}

export interface Wish {
  /** Of the notebook. */
  readonly folder: string
  /** `['Math', 'max']`: a global or an import, and members of it. */
  readonly path: readonly string[]
  /** As what the first of the path was imported. */
  readonly imported?: { readonly specifier: string; readonly imported: string } | undefined
  /** The interface that the path is in. */
  readonly type?: string | undefined
  /** How it is called is to be told, with `new` or without. */
  readonly call?: 'new' | 'plain' | undefined
}

/**
 * What the declaration files say that are there anyway: those of the language, of Node and of packages. What depends on types that
 * somebody would have to compute is left to TypeScript.
 *
 * @example
 * (await typingOf({ folder: '.', path: ['Math', 'max'] }))?.signature // '(method) Math.max(...values: number[]): number'
 */
export async function typingOf(wish: Wish): Promise<Typing | undefined> {
  const library = await Library.of(wish.folder)
  const [first = '', ...members] = wish.path
  const start = wish.type === undefined ? meaningOf(library, first, wish) : ofType(library, wish.type, [], first)
  const found = members.reduce<Found | undefined>((meaning, name) => meaning && memberOf(meaning, name), start)
  if (!found) return undefined
  const name = found.statements[0]?.name ?? found.member ?? wish.path.at(-1) ?? ''
  const declared = declaredBy(found)
  const [main] = declared
  const isNew = wish.call === 'new'
  const calls = wish.call ? callsOf(callsOfType(found, main, isNew) ?? declared, name, isNew) : []
  return { signature: wish.call ? undefined : signatureOf(declared, name), doc: readJsDoc(main?.comment ?? ''), source: main ? textOf(main.node, main.text) : '', calls }
}

/** Declarations, or members of an interface. */
interface Found extends Meaning {
  readonly members?: readonly Declared[]
  readonly scope?: readonly string[]
}

function meaningOf(library: Library, name: string, wish: Wish): Found | undefined {
  if (wish.imported) {
    const meaning = imported(library, wish.imported, wish.folder)
    return meaning?.member === undefined ? meaning : memberOf(meaning, meaning.member)
  }
  const statements = library.statements(name, [])
  return statements.length > 0 ? { source: library, statements } : undefined
}

/** A member of what was found: an export, what the type of a value has, or something in a namespace. */
function memberOf(found: Found, name: string): Found | undefined {
  const { source, statements, exported } = found
  if (exported) return exported(name)
  const [value] = declaredBy(found)
  const type = value && typeName(value)
  const member = type === undefined ? undefined : ofType(source, type, found.scope ?? statements[0]?.scope ?? [], name)
  if (member?.members && member.members.length > 0) return member
  const inside = statements.filter(({ kind }) => kind === 'namespace').flatMap(space => source.statements(name, [...space.scope, space.name]))
  return inside.length > 0 ? { source, statements: inside } : undefined
}

/** A member of the interface that is called so at a place. */
function ofType(source: Source, type: string, scope: readonly string[], member: string): Found | undefined {
  const interfaces = interfacesOf(source, type.split('.'), scope)
  const members = interfaces.flatMap(each => membersOf(each, member))
  const [first] = interfaces
  if (!first || members.length > 0) return first && { source, statements: [], members, member, scope: first.scope }
  for (const parent of interfaces.flatMap(parentsOf)) {
    const found = ofType(source, parent, first.scope, member)
    if (found) return found
  }
  return undefined
}

function interfacesOf(source: Source, path: readonly string[], scope: readonly string[]): readonly Statement[] {
  const found = source.statements(path.at(-1) ?? '', [...scope, ...path.slice(0, -1)]).filter(({ kind }) => kind === 'interface')
  return found.length > 0 || scope.length === 0 ? found : interfacesOf(source, path, scope.slice(0, -1))
}

/** A name is a value first: overloads together, else the one that there is. */
function declaredBy({ statements, members }: Found): readonly Declared[] {
  if (members) return members
  const functions = statements.filter(({ kind }) => kind === 'function')
  const spaces = statements.filter(({ kind }) => kind === 'namespace').slice(0, 1)
  const values = functions.length > 0 ? [...functions, ...spaces] : statements.filter(({ kind }) => /^(?:var|let|const|class|enum)$/.test(kind)).slice(0, 1)
  return (values.length > 0 ? values : statements.slice(0, 1)).flatMap(statement => read(statement))
}

/** How a value is called whose type is an interface. */
function callsOfType({ source, scope, statements }: Found, value: Declared | undefined, isNew: boolean): readonly Declared[] | undefined {
  const type = value && typeName(value)
  return type === undefined ? undefined : ofType(source, type, scope ?? statements[0]?.scope ?? [], isNew ? MADE : CALLED)?.members
}
