import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Fields, WireMessage } from './message-spec.ts'

interface Attribute {
  readonly name: string
  readonly type: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly allow_none?: boolean
  readonly items?: { readonly type: string }
}

interface Model {
  readonly model: { readonly name: string; readonly module: string; readonly version: string }
  readonly view: { readonly name: string | null; readonly module: string; readonly version: string }
  readonly attributes: readonly Attribute[]
}

const SCHEMA = createRequire(import.meta.url).resolve('@jupyter-widgets/schema/jupyterwidgetmodels.latest.json')
/** The published models of widgets, by name. */
export const MODELS = new Map((JSON.parse(readFileSync(SCHEMA, 'utf8')) as Model[]).map(model => [model.model.name, model]))

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
const CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: value => typeof value === 'string',
  bool: value => typeof value === 'boolean',
  int: Number.isInteger,
  float: Number.isFinite,
  // Bytes are taken out of the state.
  bytes: value => value === undefined,
  array: Array.isArray,
  object: isObject,
  reference: value => typeof value === 'string' && /^IPY_MODEL_[0-9a-f]{32}$/.test(value),
  Date: isObject,
  Datetime: isObject,
  Time: isObject
}

/** Fails unless the state that a widget is opened with is one of its published model, with nothing missing but layouts and styles. */
export function assertOpens({ content, metadata }: WireMessage): void {
  assert.equal(content['target_name'], 'jupyter.widget')
  assert.deepEqual(metadata, { version: '2.1.0' })
  const { state, buffer_paths: paths } = content['data'] as { readonly state: Fields; readonly buffer_paths: readonly (readonly string[])[] }
  const model = MODELS.get(String(state['_model_name']))
  assert.ok(model, `There is no model ${String(state['_model_name'])}`)
  const { name, module, version } = model.view
  if (name !== null) assert.deepEqual([state['_view_name'], state['_view_module'], state['_view_module_version']], [name, module, version])
  const isLayout = model.model.name === 'LayoutModel'
  const missing = model.attributes.filter(each => !(each.name in state) && !paths.some(([name]) => name === each.name) && each.type !== 'reference' && !isLayout)
  assert.deepEqual(missing.map(each => each.name), [], `${model.model.name} lacks attributes`)
  assertState(model.model.name, state)
}

/** Fails unless all that an update says is something that the model has, and of its type. */
export function assertState(name: string, state: Fields): void {
  const model = MODELS.get(name)
  assert.ok(model)
  const problems = Object.entries(state).flatMap(([key, value]) => {
    const attribute = model.attributes.find(each => each.name === key)
    if (!attribute) return [`${key} is not an attribute`]
    return fits(attribute, value) ? [] : [`${key} is ${JSON.stringify(value)}`]
  })
  assert.deepEqual(problems, [], `${name}: ${JSON.stringify(state)}`)
}

function fits(attribute: Attribute, value: unknown): boolean {
  if (value === null) return attribute.allow_none === true || attribute.name === '_view_name'
  if (attribute.enum && !attribute.enum.includes(value)) return false
  if (Array.isArray(value) && attribute.items && !value.every(item => CHECKS[attribute.items?.type ?? '']?.(item))) return false
  return [attribute.type].flat().some(type => CHECKS[type]?.(value))
}
