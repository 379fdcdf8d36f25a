import type { Data } from '../comms/comms.ts'
import type { Attribute, Reference } from './attributes.ts'
import { Choice, Choices, type ChoiceValues, type ChoicesValues } from './choice.ts'
import { type Attributes, type Identity, type Spec, Widget } from './widget.ts'

/** What the attributes hold. */
export type State<A extends Attributes> = { -readonly [Name in keyof A]: A[Name] extends Attribute<infer T> ? T : never }

/** What they may be given: of a layout and the like, its own attributes will do. */
export type Values<A extends Attributes> = {
  readonly [Name in keyof A]?: A[Name] extends Reference<infer W> ? W | Partial<Omit<W, keyof Widget>> : A[Name] extends Attribute<infer T> ? T : never
}

export type WidgetClass<A extends Attributes> = new (values?: Values<A>) => Widget & State<A>
export type BoxClass<A extends Attributes> = new (children?: readonly Widget[] | Values<A>, values?: Omit<Values<A>, 'children'>) => Widget & State<A>
type Chosen = 'optionsLabels' | 'index'
export type ChoiceClass<A extends Attributes> = new <T>(values: ChoiceValues<T> & Omit<Values<A>, Chosen>) => Choice<T> & Omit<State<A>, Chosen>
export type ChoicesClass<A extends Attributes> = new <T>(values: ChoicesValues<T> & Omit<Values<A>, Chosen>) => Choices<T> & Omit<State<A>, Chosen>

type Make = new (spec: Spec, ...args: never[]) => Widget

/** A class of widgets whose attributes are properties, checked and shared with front ends. */
export function widgetClass<const A extends Attributes>(identity: Identity, attributes: A): WidgetClass<A> {
  return derive(Widget, { identity, attributes }) as unknown as WidgetClass<A>
}

/** One that is made of others, which may come first, as in `new HBox([slider, button])`. */
export function boxClass<const A extends Attributes>(identity: Identity, attributes: A): BoxClass<A> {
  return derive(Box, { identity, attributes }) as unknown as BoxClass<A>
}

/** One by which one of several options is chosen. */
export function choiceClass<const A extends Attributes>(identity: Identity, attributes: A): ChoiceClass<A> {
  return derive(Choice, { identity, attributes }) as unknown as ChoiceClass<A>
}

/** One by which any of several options are chosen. */
export function choicesClass<const A extends Attributes>(identity: Identity, attributes: A): ChoicesClass<A> {
  return derive(Choices, { identity, attributes }) as unknown as ChoicesClass<A>
}

class Box extends Widget {
  constructor(spec: Spec, children: readonly Widget[] | Data = {}, values: Data = {}) {
    super(spec, Array.isArray(children) ? { ...values, children } : { ...children, ...values })
  }
}

function derive(Base: Make, spec: Spec): new (...args: readonly unknown[]) => Widget {
  class Derived extends Base {
    constructor(...args: readonly unknown[]) {
      super(spec, ...(args as readonly never[]))
    }
  }
  for (const name of Object.keys(spec.attributes)) {
    if (name in Base.prototype) continue
    Object.defineProperty(Derived.prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: Widget) {
        return this.get(name)
      },
      set(this: Widget, value: unknown) {
        this.set({ [name]: value })
      }
    })
  }
  return Derived
}
