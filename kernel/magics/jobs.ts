import { mime } from '../display/display.ts'
import { UsageError } from '../errors.ts'
import { realm } from '../parallel/client/realm.ts'
import { table, type WorkerReport } from '../parallel/jobs/report.ts'
import { jobNamed, jobs } from '../parallel/jobs/running-jobs.ts'
import { uniqueId } from '../random.ts'
import { currentOwner } from '../session/owner.ts'
import { defineMagic, type MagicCall } from './magic.ts'
import { wholeNumber } from './options.ts'

/** A picture a second is enough to see it live. In milliseconds. */
const INTERVAL = 1000
/** More than a front end can show. */
const SHORTEST_INTERVAL = 50

const options = {
  watch: { type: 'boolean', short: 'w' },
  every: { type: 'string', value: 'MILLISECONDS' }
} as const

type Call = MagicCall<typeof options>

/** Everything that this notebook's cells have started: threads, processes and programs, also what those have started. */
export const jobsMagic = defineMagic({
  summary: 'what runs in threads, processes and programs, since when, with CPU time and memory; --watch keeps showing it; stop ends it',
  words: '[stop NAME…|all]',
  options,
  line: call => (call.words.length > 0 ? stop(call) : look(call))
})

async function look({ options: { watch, every } }: Call): Promise<unknown> {
  if (!watch && every === undefined) return mime(table(await reports()))
  const interval = every === undefined ? INTERVAL : wholeNumber('%jobs', 'every', every, SHORTEST_INTERVAL)
  await realm().client.ask({ type: 'follow', display: uniqueId(), owner: currentOwner(), interval })
  return undefined
}

async function stop({ words: [verb, ...names] }: Call): Promise<void> {
  if (verb !== 'stop') throw new UsageError(`%jobs does not know "${verb}": it takes stop and the names of what is to end.`)
  if (names.length === 0) throw new UsageError(`%jobs stop takes names, or all. ${running(await reports())}`)
  const isAll = names.includes('all')
  const background = isAll ? jobs() : names.map(jobNamed).filter(job => job !== undefined)
  const others = isAll ? 'all' : names.filter(name => !jobNamed(name))
  const before = await reports()
  const stopped = await Promise.all([stopAll(others), ...background.map(job => job.stop())])
  const ended = [...new Set([...background.map(({ name }) => name), ...stopped[0]])]
  // A program goes by its command, or by its first word alone.
  const isEnded = (name: string) => ended.some(each => each === name || each.startsWith(`${name} `))
  const unknown = names.filter(name => name !== 'all' && !isEnded(name) && !before.some(({ pid }) => String(pid) === name))
  if (ended.length > 0) console.log(`Stopped ${ended.join(', ')}.`)
  else if (isAll) console.log('Nothing runs.')
  if (unknown.length > 0) throw new UsageError(`Nothing is called ${unknown.map(name => `"${name}"`).join(', ')}. ${running(await reports())}`)
}

async function reports(): Promise<readonly WorkerReport[]> {
  return (await realm().client.ask({ type: 'report' })) as readonly WorkerReport[]
}

async function stopAll(names: readonly string[] | 'all'): Promise<readonly string[]> {
  return (await realm().client.ask({ type: 'stop', names })) as readonly string[]
}

function running(found: readonly WorkerReport[]): string {
  const names = [...new Set([...jobs(), ...found].map(({ name }) => name))]
  return names.length === 0 ? 'Nothing runs.' : `What runs: ${names.join(', ')}.`
}
