import { createRequire } from 'node:module'
import type { File, NodePath, PluginObject, transformSync, types } from '@babel/core'
import type Decorators from '@babel/plugin-proposal-decorators'
import type { Program } from 'oxc-parser'
import type { DecoratorOptions, SourceMap } from 'oxc-transform'
import { walk } from 'oxc-walker'
import { tsconfigIn } from './tsconfig.ts'

/** JavaScript that V8 can run. */
export interface Lowered {
  readonly code: string
  /** From there to where `map` had led. */
  readonly map: SourceMap | undefined
}

type Babel = { readonly transformSync: typeof transformSync; readonly types: typeof types }
type Class = types.ClassDeclaration | types.ClassExpression

const load = createRequire(import.meta.url)

/** Whether code has decorators or accessors. Most has no sign of them, and need not be read for that. */
export function hasDecorators(code: string, read: () => Program): boolean {
  if (!/@|\baccessor\b/.test(code)) return false
  let found = false
  walk(read(), {
    enter(node) {
      found ||= node.type === 'AccessorProperty' || ('decorators' in node && node.decorators.length > 0)
    }
  })
  return found
}

/** Which decorators the tsconfig.json of a folder asks for: those that TypeScript had before the standard, perhaps with types for `reflect-metadata`. */
export function decoratorsOf(folder: string): DecoratorOptions & { readonly legacy: boolean } {
  const { experimentalDecorators: legacy = false, emitDecoratorMetadata = false } = tsconfigIn(folder)?.config.compilerOptions ?? {}
  return { legacy, emitDecoratorMetadata }
}

/**
 * Turns the decorators of the standard, and `accessor`, into JavaScript. Babel does it, since V8 and oxc can't yet, and is
 * loaded with the first of them. The helpers that it needs are imported.
 *
 * @example lowerDecorators('@sealed class A {}').code // let A = (() => { … })() …
 */
export function lowerDecorators(code: string, map?: SourceMap): Lowered {
  const babel = load('@babel/core') as Babel
  const decorators = load('@babel/plugin-proposal-decorators') as { readonly default: typeof Decorators }
  const helpers = new Map<string, string>()
  const lowered = babel.transformSync(code, {
    babelrc: false,
    configFile: false,
    sourceType: 'module',
    sourceMaps: map !== undefined,
    ...(map ? { inputSourceMap: { ...map, file: 'cell.js' } } : {}),
    plugins: [() => namedHelpers(babel, helpers), () => scopes(babel), [decorators.default, { version: '2023-11' }]]
  })
  const imports = [...helpers].map(([helper, name]) => `\nimport ${name} from '@oxc-project/runtime/helpers/${helper}'`)
  return { code: `${lowered?.code}${imports.join('')}`, map: (lowered?.map ?? undefined) as SourceMap | undefined }
}

/** Collects which helpers are needed and what they are called, in place of a copy of each in the code. */
function namedHelpers({ types: build }: Babel, helpers: Map<string, string>): PluginObject {
  return {
    pre(file: File) {
      file.set('helperGenerator', (helper: string) => {
        const name = helpers.get(helper) ?? file.scope.generateUid(helper)
        helpers.set(helper, name)
        return build.identifier(name)
      })
    }
  }
}

/** What a decorated class needs besides is no variable of the cell, where another class of another cell would take the name. */
function scopes({ types: build }: Babel): PluginObject {
  const scoped = (node: Class): types.Expression =>
    build.callExpression(build.arrowFunctionExpression([], build.blockStatement([build.returnStatement(build.toExpression(node))])), [])
  const enclose = (path: NodePath<Class>): void => {
    const { node } = path
    if (!isDecorated(node)) return
    // Its own place in the tree is about to be another node's.
    const value = scoped(build.cloneNode(node, false))
    if (node.type === 'ClassExpression' || !node.id) path.replaceWith(value)
    else declare(path, node.id, value)
    path.skip()
  }
  const declare = (path: NodePath<Class>, id: types.Identifier, value: types.Expression): void => {
    const declaration = build.variableDeclaration('let', [build.variableDeclarator(build.cloneNode(id), value)])
    if (!path.parentPath.isExportDefaultDeclaration()) return void path.replaceWith(declaration)
    const exported = build.exportSpecifier(build.cloneNode(id), build.identifier('default'))
    path.parentPath.replaceWithMultiple([declaration, build.exportNamedDeclaration(null, [exported])])
  }
  return { visitor: { Program: program => program.traverse({ Class: enclose }) } }
}

function isDecorated({ decorators, body }: Class): boolean {
  const has = (list: readonly unknown[] | null | undefined): boolean => (list?.length ?? 0) > 0
  return has(decorators) || body.body.some(member => member.type === 'ClassAccessorProperty' || ('decorators' in member && has(member.decorators)))
}
