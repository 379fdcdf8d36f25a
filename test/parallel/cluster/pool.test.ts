import { needs } from '../../support/system.ts'
import { poolContract } from '../pool/contract.ts'
import { type Notebook, openNotebook } from '../pool/notebook.ts'
import { openCluster } from './notebook.ts'

const connect = (url: string): string => `
  import { Cluster } from 'paracell'
  const cluster = await Cluster.connect('${url}', { insecure: true })`

async function open(): Promise<Notebook> {
  const cluster = await openCluster()
  const notebook = openNotebook()
  await notebook.value(connect(cluster.redis.url))
  const close = async () => {
    await notebook[Symbol.asyncDispose]()
    await cluster[Symbol.asyncDispose]()
  }
  return { ...notebook, [Symbol.asyncDispose]: close }
}

const setup = 'class Pool extends PlainPool<any> { constructor(options: any) { super({ cluster, ...options }) } }'
poolContract('Pool of a cluster', { kind: 'process', open, setup, options: needs('redis-server') })
