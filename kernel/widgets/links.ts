import { UsageError } from '../errors.ts'
import { same } from './changes.ts'
import type { Stop } from './listeners.ts'
import * as models from './models.generated.ts'
import type { Widget } from './widget.ts'

/** A widget and the name of one of its attributes. */
export type End = readonly [widget: Widget, attribute: string]

/**
 * Keeps two attributes the same, by the session: observers see it, and any widgets may be linked. The target takes over
 * the source's value first.
 *
 * @example link([slider, 'value'], [text, 'value'])
 */
export function link(source: End, target: End): Stop {
  return together(directionalLink(source, target), directionalLink(target, source))
}

/** Lets one attribute follow another, by way of a function where one is given. */
export function directionalLink<T = unknown, U = T>(source: End, target: End, transform?: (value: T) => U): Stop {
  const follow = (value: unknown) => {
    const next = transform ? transform(value as T) : value
    if (!same(read(target), next)) write(target, next)
  }
  follow(read(source))
  const [widget, name] = source
  return widget.observe(name as keyof Widget & string, ({ value }) => follow(value))
}

/** Keeps two attributes the same in the front end: at once, also while a cell blocks, and in a page without a kernel. */
export function frontEndLink(source: End, target: End): models.Link {
  return new models.Link({ source, target })
}

/** Lets one attribute follow another in the front end. */
export function frontEndDirectionalLink(source: End, target: End): models.DirectionalLink {
  return new models.DirectionalLink({ source, target })
}

function together(...stops: readonly Stop[]): Stop {
  const stop = () => stops.forEach(each => each())
  return Object.assign(stop, { [Symbol.dispose]: stop })
}

function read([widget, name]: End): unknown {
  if (!(name in widget)) throw new UsageError(`${widget.constructor.name} has no attribute "${name}" to link.`)
  return Reflect.get(widget, name) as unknown
}

function write([widget, name]: End, value: unknown): void {
  Reflect.set(widget, name, value)
}
