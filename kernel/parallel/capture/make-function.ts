import { placed } from './compile.ts'
import { rememberNamed, rememberPlace } from './function-facts.ts'
import type { MemberShell } from './pack-class.ts'
import type { BoundShell, FunctionShell } from './pack-function.ts'
import type { Restoration } from './restoration.ts'

export function makeFunction(shell: FunctionShell, from: Restoration): unknown {
  const compile = from.scopes.open(shell.scope)
  const define = (name: string, value: unknown): void => from.define(name, value, true)
  if (shell.eager.length > 0) from.scopes.assignEarly(shell.scope, shell.eager, define)
  const self = shell.part || shell.self < 0 ? undefined : from.make(shell.self)
  const made = compile.call(self, placed(shell.code, { ...shell, column: shell.column - shell.indent }))
  const fn = shell.part ? method(made as object, shell, from) : (made as Function)
  if (shell.name !== undefined && fn.name !== shell.name) {
    Object.defineProperty(fn, 'name', { value: shell.name, configurable: true })
  }
  const { file, line, column } = shell
  rememberPlace(fn, { file, line, column })
  if (shell.isNamed) rememberNamed(fn)
  return fn
}

function method(home: object, { part, self }: FunctionShell, from: Restoration): Function {
  const [key] = Reflect.ownKeys(home) as [string]
  // `super` is looked up from the object that a method was written in.
  if (self >= 0) from.atLast(() => Object.setPrototypeOf(home, Object.getPrototypeOf(from.make(self)) as object | null))
  return Object.getOwnPropertyDescriptor(home, key)![part!] as Function
}

export function makeMember({ holder, part, key, symbol }: MemberShell, from: Restoration): unknown {
  const name = symbol < 0 ? key! : (from.make(symbol) as symbol)
  return Object.getOwnPropertyDescriptor(from.make(holder), name)?.[part]
}

export function makeBound({ target, ids, primitives }: BoundShell, from: Restoration): unknown {
  const values = ids.map((id, i) => (id < 0 ? primitives[i] : from.make(id)))
  const fn = from.make(target) as Function
  return Function.prototype.bind.apply(fn, values as [unknown])
}
