import { startMachine } from '../../support/machine.ts'
import { type RunningRedis, startRedis } from '../../support/redis.ts'
import { type Notebook, openNotebook } from '../together/notebook.ts'

export interface ClusterNotebook extends AsyncDisposable {
  readonly notebook: Notebook
  readonly redis: RunningRedis
}

/** In its cells, `cluster` is connected with two machines, and a Remote is a Process there. */
export const SETUP = (url: string, options = '{ insecure: true }'): string => `
  import { Cluster } from 'paracell'
  const cluster = await Cluster.connect('${url}', ${options})
  class Remote extends Process<any> {
    constructor(options: any, ...more: any[]) {
      super({ cluster, ...options }, ...more)
    }
  }`

/** Two machines, and their Redis. */
export async function openCluster(): Promise<AsyncDisposable & { readonly redis: RunningRedis }> {
  await using resources = new AsyncDisposableStack()
  const redis = resources.use(await startRedis())
  const starting = ['one', 'two'].map(name => startMachine({ url: redis.url, args: ['--insecure', '--concurrency', '12', '--name', name] }))
  for (const machine of await Promise.all(starting)) resources.use(machine)
  const owned = resources.move()
  return { redis, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** @example await using cluster = await openClusterNotebook() */
export async function openClusterNotebook(): Promise<ClusterNotebook> {
  await using resources = new AsyncDisposableStack()
  const { redis } = resources.use(await openCluster())
  const notebook = resources.use(await openNotebook())
  await notebook.run(SETUP(redis.url))
  const owned = resources.move()
  return { notebook, redis, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
