import { kind } from './kind.ts'

/** How an object of a builtin class is described by data, and made again from it. */
interface Recipe {
  describe(value: never): unknown
  make(data: never): object
}

const of = <T extends object, S>(describe: (value: T) => S, make: (data: S) => object): Recipe => ({ describe, make }) as unknown as Recipe

interface Formatter {
  resolvedOptions(): { readonly locale: string }
}

const formatter = (name: string): Recipe => of(
  (value: Formatter) => ({ ...value.resolvedOptions() }),
  (options: { readonly locale: string }) => new (Intl as unknown as Record<string, new (locale: string, options: object) => object>)[name]!(options.locale, options),
)

const formatters = ['Collator', 'DateTimeFormat', 'DisplayNames', 'ListFormat', 'NumberFormat', 'PluralRules', 'RelativeTimeFormat', 'Segmenter']

/** By the name of the class, which is a global or in `Intl`. */
const recipes: Readonly<Record<string, Recipe>> = {
  DOMException: of(
    ({ message, name, stack }: DOMException) => ({ message, name, stack }),
    ({ message, name, stack }) => Object.defineProperty(new DOMException(message, name), 'stack', { value: stack, writable: true, configurable: true }),
  ),
  Headers: of((value: Headers) => [...value], entries => new Headers(entries as [string, string][])),
  TextEncoder: of(() => undefined, () => new TextEncoder()),
  TextDecoder: of(
    ({ encoding, fatal, ignoreBOM }: InstanceType<typeof TextDecoder>) => ({ encoding, fatal, ignoreBOM }),
    ({ encoding, ...options }) => new TextDecoder(encoding, options),
  ),
  Locale: of(String, text => new Intl.Locale(text)),
  ...Object.fromEntries(formatters.map(name => [name, formatter(name)])),
}

/** Objects that say all that there is to say of them, but not by properties. */
export const described = kind<object, { readonly type: string; readonly data: unknown }>({
  name: 'described',
  test: value => typeOf(value) !== undefined,
  prototype: ({ type }) => classNamed(type)!.prototype as object,
  shell(value) {
    const type = typeOf(value) as string
    return { type, data: recipes[type]!.describe(value as never) }
  },
  rest: value => Reflect.ownKeys(value).filter(key => typeof key === 'string' && key !== 'stack'),
  make: ({ type, data }) => recipes[type]!.make(data as never),
})

function typeOf(value: object): string | undefined {
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype === null || prototype === Object.prototype) return undefined
  const type: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  // The global is only looked up, which may load it, when it is likely to be this one.
  return typeof type === 'function' && Object.hasOwn(recipes, type.name) && classNamed(type.name) === type ? type.name : undefined
}

const classNamed = (name: string): Function | undefined =>
  ((globalThis as unknown as Record<string, Function>)[name] ?? (Intl as unknown as Record<string, Function>)[name])
