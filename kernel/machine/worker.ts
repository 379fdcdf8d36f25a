import { UsageError } from '../errors.ts'
import { Machine } from './machine.ts'
import { Packages } from './packages.ts'

/** The options of `paracell worker`, as typed. */
export interface WorkerCommand {
  readonly redis?: string | undefined
  readonly concurrency?: string | undefined
  readonly tags?: string | undefined
  readonly name?: string | undefined
  readonly keyFile?: string | undefined
  readonly insecure?: boolean | undefined
  readonly install?: boolean | undefined
}

/**
 * Takes jobs of a cluster until a signal comes: SIGTERM lets those that run end, SIGINT and a second SIGTERM don't.
 *
 * @returns the exit code
 * @example await worker({ redis: 'redis://localhost:6379', insecure: true })
 */
export async function worker({ redis = process.env['PARACELL_REDIS'], keyFile = process.env['PARACELL_KEY_FILE'], insecure = false, ...options }: WorkerCommand): Promise<number> {
  // The address may have a password in it, which whoever lists the processes would see.
  process.title = 'paracell worker'
  if (redis === undefined) throw new UsageError('Which Redis? --redis redis://host:6379, or PARACELL_REDIS.')
  const signals = listen()
  const packages = new Packages(options.install ?? false)
  const machine = await Machine.open({
    url: redis,
    keyFile: insecure ? undefined : keyFile,
    insecure,
    name: options.name,
    concurrency: options.concurrency === undefined ? undefined : positive(options.concurrency),
    tags: options.tags?.split(',').filter(tag => tag !== ''),
    provide: needed => packages.provide(needed),
    report: line => console.error(line)
  })
  await using _machine = machine
  console.log(describe(machine, insecure))
  if ((await signals.next()) === 'SIGINT') return 130
  console.log(`${machine.name} ends when its ${machine.running} jobs have ended.`)
  await Promise.race([machine.drain(), signals.next()])
  return 0
}

function describe({ name, concurrency, address, tags }: Machine, insecure: boolean): string {
  const tagged = tags.length > 0 ? `, tags ${tags.join(', ')}` : ''
  return `${name} takes ${concurrency} ${concurrency === 1 ? 'job' : 'jobs'} at a time from ${address}${tagged}.${insecure ? ' Whoever reaches that Redis may run code here.' : ''}`
}

function positive(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new UsageError(`--concurrency ${text}: give a number of jobs from 1 on.`)
}

/** The signals that ask for the end, one after the other. */
function listen(): { next(): Promise<NodeJS.Signals> } {
  const came: NodeJS.Signals[] = []
  let waiting: ((signal: NodeJS.Signals) => void) | undefined
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (waiting) waiting(name)
      else came.push(name)
      waiting = undefined
    })
  }
  return {
    next: () =>
      new Promise(resolve => {
        const signal = came.shift()
        if (signal) resolve(signal)
        else waiting = resolve
      })
  }
}
