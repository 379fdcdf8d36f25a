import { exportOf } from '../../runtime/exports.ts'
import { v8Value } from './bytes.ts'
import { rootId, type Content } from './content.ts'
import type { Parcel, Realm } from './parcel.ts'
import { Restoration } from './restoration.ts'

/**
 * Makes a captured value again where a worker's code runs. What its functions use by name is defined through the realm,
 * modules are loaded before anything else happens. Resolves to the value.
 *
 * @example await restore(parcel, { define: (name, to) => Object.defineProperty(globalThis, name, to), import: … })
 */
export async function restore(parcel: { readonly data: Uint8Array; readonly shared: Parcel['shared'] }, realm: Realm): Promise<unknown> {
  const content = v8Value(parcel.data) as Content
  const foreign = await restoreForeign(content, parcel.shared, realm)
  const modules = await load(content.modules, realm)
  for (const [name, [specifier, imported]] of Object.entries(content.imports)) {
    const namespace = modules.get(specifier) as Readonly<Record<string, unknown>>
    realm.define(name, constant(imported === '*' ? namespace : exportOf(namespace, imported)))
  }
  for (const name of content.remotes) realm.define(name, realm.remote(name))
  const restoration = new Restoration(content, { shared: parcel.shared, foreign, modules }, realm)
  restoration.run()
  return (content.shells[rootId] as readonly unknown[])[0]
}

async function restoreForeign({ foreign }: Content, shared: readonly object[], realm: Realm): Promise<readonly unknown[]> {
  return foreign ? ((await restore({ data: foreign.data, shared: shared.slice(foreign.first) }, realm)) as unknown[]) : []
}

async function load(specifiers: readonly string[], realm: Realm): Promise<ReadonlyMap<string, unknown>> {
  const entries = specifiers.map(async specifier => [specifier, await realm.import(specifier)] as const)
  return new Map(await Promise.all(entries))
}

const constant = (value: unknown): PropertyDescriptor =>
  ({ value, writable: false, enumerable: true, configurable: true })
