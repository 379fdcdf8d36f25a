import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { errorOf, ran, type RunningKernel, startKernel, valueOf } from './running-kernel.ts'

const DECORATORS = `
const names: string[] = []
function register(_: Function, { name }: ClassDecoratorContext) { names.push(String(name)) }
function louder(method: (this: any, ...args: any[]) => string, _: ClassMethodDecoratorContext) { return function (this: any, ...args: any[]) { return method.apply(this, args) + '!' } }
const plus = (n: number) => (_: undefined, __: ClassFieldDecoratorContext) => (value: number) => value + n
function limited({ get, set }: ClassAccessorDecoratorTarget<any, number>): ClassAccessorDecoratorResult<any, number> { return { get, set(value) { set.call(this, Math.min(value, 10)) } } }
function bound(_: Function, { name, addInitializer }: ClassMethodDecoratorContext) { addInitializer(function (this: any) { this[name] = this[name].bind(this) }) }
function counted<T extends new (...args: any[]) => object>(Base: T, _: ClassDecoratorContext<T>) { return class extends Base { static made = 0; constructor(...args: any[]) { super(...args); (this.constructor as any).made++ } } as any }
@register class Dog { @plus(2) legs = 2; @limited accessor age = 1; @louder speak(word = 'woof') { return word }; @bound self() { return this instanceof Dog }; static { names.push('static') } }`

const cells: readonly (readonly [story: string, cell: string, value: string])[] = [
  ['of a class and of a method', 'names.push(new Dog().speak()); names', "[ 'Dog', 'static', 'woof!' ]"],
  ['of a field', 'new Dog().legs', '4'],
  ['of an accessor', 'const old = new Dog(); old.age = 50; [old.age, Object.keys(old)]', "[ 10, [ 'self', 'legs' ] ]"],
  ['that binds', 'const { self } = new Dog(); self()', 'true'],
  ['that gives another class', '@counted class Cat { lives = 9 }\nnew Cat(); new Cat(); [(Cat as any).made, new Cat().lives, new Cat() instanceof Cat]', '[ 2, 9, true ]'],
  ['that is called in the next cell', '[(Cat as any).made, new Cat().lives]', '[ 4, 9 ]'],
  ['of a class that is a value', 'new (@counted class { x = 1 })().x', '1'],
  ['in a function', 'function make() { @register class Inner { @louder say() { return names.at(-1)! } } return new Inner().say() }\nmake()', "'Inner!'"],
  ['of private members', 'class Safe { @louder #secret() { return "psst" } tell() { return this.#secret() } }\nnew Safe().tell()', "'psst!'"],
  ['of static members', 'class Tool { @louder static use() { return "used" } }\nTool.use()', "'used!'"],
  ['of an exported class', 'export @register class Shown {}\n@register export class Also {}\n[new Shown(), new Also()]', '[ Shown {}, Also {} ]'],
  ['of a default export', 'export default @register class Main {}\nnew Main()', 'Main {}'],
  ['none, but an accessor', 'class Plain { accessor z = 3 }\nnew Plain().z', '3'],
  ['none, but signs like theirs', '/** @param x */ const mail = "a@b.org" // @later\nmail', "'a@b.org'"],
  ['again, of the same names', '@register class Dog { @louder speak() { return "miaow" } }\nnew Dog().speak()', "'miaow!'"],
  ['in a process', '%%process\nnew Dog().speak()', "'miaow!'"],
  ['in a thread', '%%thread\nnew Dog().speak()', "'miaow!'"],
  ['of a class that a process declares', '%%process\n@register class Theirs { @louder speak() { return names.at(-1)! } }\nnew Theirs().speak()', "'Theirs!'"]
]

describe('decorators of the standard', () => {
  let kernel: RunningKernel
  before(async () => {
    kernel = await startKernel()
    await ran(kernel.client, DECORATORS)
  })
  after(() => kernel[Symbol.asyncDispose]())

  for (const [story, cell, value] of cells) {
    test(story, async () => assert.equal(valueOf(await ran(kernel.client, cell)), value))
  }

  test('an error has the lines of the cell', async () => {
    const cell = '\nclass Bad {\n  @louder\n  fail(n: number): string {\n    if (n > 0) {\n      throw new Error("failed")\n    }\n    return ""\n  }\n}\nnew Bad().fail(1)'
    assert.match(errorOf(await kernel.client.execute(cell))?.traceback ?? '', /^Error: failed\n {4}at Bad\.fail \(cell-\d+\.ts:6:13\)\n(?:.*\n)*.*cell-\d+\.ts:11:11/)
  })

  test('what can have none is told with its place', async () => {
    const error = errorOf(await kernel.client.execute('1\nclass Bad {\n  @louder constructor() {}\n}'))
    assert.match(String(error?.evalue), /^Decorators can't be used with a constructor.* \(3:3\)/)
  })

  test('what they need besides is none of the variables', async () => {
    assert.doesNotMatch(valueOf(await ran(kernel.client, '%who _*')) ?? '', /_/)
  })
})

const OLD = 'export function up(_: object, __: string, d: PropertyDescriptor) { const f = d.value; d.value = function () { return f.call(this) + "!" } }'
const NEW = 'export function up(f: Function, _: ClassMethodDecoratorContext) { return function (this: any) { return f.call(this) + "!" } }'
const USE = 'export class A { @up m(): string { return "m" } }'

describe('decorators of files, and of before the standard', () => {
  const run = async (files: Readonly<Record<string, string>>, cell: string) => {
    await using place = await temporaryFolder()
    for (const [name, text] of Object.entries(files)) await writeFile(join(place.path, name), text)
    await using kernel = await startKernel({ cwd: place.path })
    return valueOf(await ran(kernel.client, cell))
  }
  const legacy = { 'tsconfig.json': '{\n  // as Angular wants it\n  "compilerOptions": { "experimentalDecorators": true, },\n}' }

  test('a local file has those of the standard', async () => assert.equal(await run({ 'a.ts': `${NEW}\n${USE}` }, 'import { A } from "./a.ts"\nnew A().m()'), "'m!'"))
  test('also in the middle of a line, behind a star', async () => assert.equal(await run({ 'a.ts': `${NEW}\nexport class A { *all() {} @up m(): string { return "m" } }` }, 'import { A } from "./a.ts"\nnew A().m()'), "'m!'"))
  test('signs like theirs in comments change nothing', async () => {
    const file = '/** @param n a@b.org */\nexport function fail(n: number): never {\n  throw new Error(String(n)) // @later\n}'
    assert.match(String(await run({ 'a.ts': file }, 'import { fail } from "./a.ts"\nlet stack: string | undefined\ntry { fail(1) } catch (error) { stack = (error as Error).stack }\nstack')), /a\.ts:3:9/)
  })
  test('and may export it by default', async () => assert.equal(await run({ 'a.ts': `${NEW}\n@((_: Function) => {}) export default class A { @up m() { return "d" } }` }, 'import A from "./a.ts"\nnew A().m()'), "'d!'"))
  test('a tsconfig.json may want the old ones in cells', async () => assert.equal(await run(legacy, `${OLD}\n${USE}\nnew A().m()`), "'m!'"))
  test('with the types that libraries of reflection read', async () => {
    const reflecting = { 'tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }' }
    const noting = `const seen: string[] = []
;(Reflect as any).metadata = (key: string, types: any) => () => { seen.push([key, [types].flat().map(type => type.name)].join(' ')) }
const dec = () => undefined
class B {}
class A { @dec m(a: string, b: B): number { return a.length } constructor(@dec given: B) {} }
seen.sort().join('; ')`
    assert.equal(await run(reflecting, noting), "'design:paramtypes B; design:paramtypes String,B; design:returntype Number; design:type Function'")
  })
  test('and in files', async () => assert.equal(await run({ ...legacy, 'a.ts': `${OLD}\n${USE}` }, 'import { A } from "./a.ts"\nnew A().m()'), "'m!'"))
})
