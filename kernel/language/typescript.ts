import { parseSync, type ParseResult, type Program } from 'oxc-parser'
import { transformSync, type OxcError, type TransformOptions, type TransformResult } from 'oxc-transform'
import { decoratorsOf, hasDecorators, type Lowered, lowerDecorators } from './decorators.ts'
import { refuseTooDeep } from './depth.ts'
import { CellSyntaxError } from './syntax-error.ts'

export interface JavaScript {
  readonly code: string
  readonly program: Program
  /** The source map, which takes longer to make than the code, and few cells need. */
  readonly map: () => TransformResult['map']
  /** Columns that were put before the first line: 1 where the cell was put in parentheses to be an expression. */
  readonly shift: 0 | 1
  /** Variables that namespaces export and may change, and maybe some more words. */
  readonly exportedVariables: ReadonlySet<string>
}

/**
 * Removes the types of a cell and turns enums, namespaces, decorators and JSX into JavaScript.
 * Throws CellSyntaxError, whose positions are the cell's own.
 */
export function toJavaScript(source: string): JavaScript {
  refuseTooDeep(source)
  return objectLiteral(source) ?? parseAs(source, 0) ?? fail(source)
}

/** `{a: 1, b: 2}` alone in a cell means the object, as in every console, although a program would begin a block. */
function objectLiteral(source: string): JavaScript | undefined {
  if (!startsWithBrace.test(source)) return undefined
  const javaScript = parseAs(`(${source.replace(/;\s*$/, '')}\n)`, 1)
  const [statement, ...others] = javaScript?.program.body ?? []
  if (others.length > 0 || statement?.type !== 'ExpressionStatement') return undefined
  const { expression } = statement
  const isObject = expression.type === 'ParenthesizedExpression' && expression.expression.type === 'ObjectExpression'
  return isObject ? javaScript : undefined
}

/** Whether a cell could be an object literal. */
export const startsWithBrace = /^(?:\s|\/\/.*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*\{/

/** Old-style assertions (`<T>x`) and generic arrows are only TypeScript, elements only TSX; what is both is the first. */
function parseAs(source: string, shift: 0 | 1): JavaScript | undefined {
  for (const lang of languages) {
    const { code, errors } = transformSync('cell.ts', source, { ...options, lang })
    if (errors.some(isFatal)) continue
    const { program } = parse(code)
    const map = () => transformSync('cell.ts', source, { ...options, lang, sourcemap: true }).map
    const javaScript = { code, map, shift, program, exportedVariables: new Set(errors.flatMap(warning => wordsAt(source, warning))) }
    return hasDecorators(code, () => program) ? withoutDecorators(source, lang, javaScript) : javaScript
  }
  return undefined
}

const parse = (code: string): ParseResult => parseSync('cell.js', code, { sourceType: 'module' })

function withoutDecorators(source: string, lang: typeof languages[number], javaScript: JavaScript): JavaScript {
  const decorator = decoratorsOf(process.cwd())
  const lowered = (sourcemap: boolean): Lowered => {
    const { code, map } = transformSync('cell.ts', source, { ...options, lang, sourcemap, decorator })
    return decorator.legacy ? { code, map } : lowerDecorators(code, map)
  }
  const { code } = understood(source, () => lowered(false))
  return { ...javaScript, code, program: parse(code).program, map: () => lowered(true).map }
}

/** Babel refuses a few things that oxc doesn't; its own words end with a place and a picture of what oxc made. */
function understood<T>(source: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const [, problem = String(error)] = /^(?:unknown(?: file)?: )?(.*?)(?: \(\d+:\d+\))?\n/.exec(`${(error as Error).message}\n`) ?? []
    throw new CellSyntaxError(problem, source, Math.max(0, source.indexOf('@')))
  }
}

/** What a warning is about: the only one there is says that a namespace exports a variable. */
function wordsAt(source: string, { labels }: OxcError): string[] {
  const texts = labels.map(({ start, end }) => Buffer.from(source).subarray(start, end).toString())
  return texts.flatMap(text => text.match(/[\p{ID_Continue}$]+/gu) ?? [])
}

const languages = ['ts', 'tsx'] as const

const options: TransformOptions = {
  sourceType: 'module',
  target: 'esnext',
  typescript: { onlyRemoveTypeImports: true, allowNamespaces: true },
}

const isFatal = (error: OxcError): boolean => error.severity === 'Error'

/** Of the ways to read a cell, the one that came furthest understood most of it. */
function fail(source: string): never {
  const readings = [firstError(source, 'ts'), firstError(source, 'tsx')]
  if (startsWithBrace.test(source)) readings.push(firstError(`(${source}\n)`, 'ts', 1))
  const furthest = readings.reduce((best, next) => (next.offset > best.offset ? next : best))
  throw new CellSyntaxError(furthest.message, source, furthest.offset)
}

function firstError(source: string, lang: 'ts' | 'tsx', shift = 0): { message: string; offset: number } {
  const error = transformSync('cell.ts', source, { ...options, lang }).errors.find(isFatal)
  const label = error?.labels.find(({ message }) => message?.includes('redeclared')) ?? error?.labels[0]
  return { message: error?.message ?? 'Invalid syntax', offset: fromBytes(source, label?.start ?? 0) - shift }
}

/** The transformer counts bytes of UTF-8; JavaScript counts UTF-16 code units. */
function fromBytes(source: string, bytes: number): number {
  return Buffer.from(source).subarray(0, bytes).toString().length
}
