import { inspect } from 'node:util'
import { UsageError } from '../../errors.ts'
import { Cluster } from '../cluster.ts'
import { neededPackages } from '../cluster/needed-packages.ts'
import type { ClusterSpec } from '../protocol.ts'
import type { ClusterOptions } from './worker-handle.ts'

/** How often a process of a cluster may begin, unless said otherwise. */
const ATTEMPTS = 3
const LARGEST_PRIORITY = 2 ** 21

/** Throws a UsageError for what can't be meant. */
export function checkClusterOptions({ cluster, tags, attempts, priority }: ClusterOptions): void {
  if (cluster !== undefined && !(cluster instanceof Cluster)) throw new UsageError(`cluster is what Cluster.connect resolves to, as in cluster: await Cluster.connect(url), not ${inspect(cluster, { depth: 0 })}.`)
  const needless = Object.entries({ tags, attempts, priority }).find(([, value]) => value !== undefined)
  if (!cluster && needless) throw new UsageError(`${needless[0]} is for what runs on a cluster: give the cluster, too.`)
  if (tags !== undefined) checkTags(tags)
  checkNumber('attempts', attempts, Infinity)
  checkNumber('priority', priority, LARGEST_PRIORITY)
}

/** `imports`: what its code imports, or may. */
export function clusterSpec({ id }: Pick<Cluster, 'id'>, { tags = [], attempts = ATTEMPTS, priority }: ClusterOptions, imports: readonly string[] = []): ClusterSpec {
  const { meta } = (globalThis as unknown as { readonly __paracell__: { readonly meta: { readonly url: string } } }).__paracell__
  return { id, tags, attempts, packages: neededPackages(imports, meta.url), ...(priority === undefined ? {} : { priority }) }
}

function checkTags(tags: readonly string[]): void {
  if (Array.isArray(tags) && tags.every(tag => typeof tag === 'string' && /^[\w.-]+$/.test(tag))) return
  throw new UsageError(`tags is an array of words, as in tags: ['gpu'], not ${inspect(tags)}.`)
}

function checkNumber(name: string, value: number | undefined, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= most)) return
  throw new UsageError(`${name} is a whole number from 1 on, not ${inspect(value)}.`)
}
