import { endless } from '../test/kernel/endless-cells.ts'
import type { BenchClient, Received } from './client.ts'

/** Ways to end a session with all that it holds. */
const ENDINGS = ['process.exit(1)', 'process.abort()', 'process.kill(process.pid, "SIGKILL")', 'process.kill(process.pid, "SIGSEGV")']

/** Milliseconds from an interrupt to idle, for each way to hang; the slowest are named on stderr. */
export async function interrupted(client: BenchClient): Promise<number[]> {
  const times = new Map<string, number>()
  for (const [story, cell] of Object.entries(endless)) times.set(story, await interrupt(client, cell))
  const slowest = [...times].toSorted(([, a], [, b]) => b - a).slice(0, 5)
  console.error(slowest.map(([story, time]) => `  ${Math.round(time)} ms: ${story}`).join('\n'))
  return [...times.values()]
}

async function interrupt(client: BenchClient, cell: string): Promise<number> {
  const begun = Promise.withResolvers<void>()
  client.onOutput = message => isBegun(message) && begun.resolve()
  const running = client.execute(`console.log("runs");\n${cell}`)
  await begun.promise
  const interruptedAt = await client.interrupt()
  const { sentAt, idle } = await running
  return sentAt + idle - interruptedAt
}

/** Milliseconds from a cell that ends its session to the end of the next cell, which waits behind it. */
export async function restarted(client: BenchClient): Promise<number[]> {
  const times: number[] = []
  for (const ending of ENDINGS) {
    const [ended, next] = await Promise.all([client.execute(ending), client.execute('1+1')])
    times.push(next.sentAt + next.idle - ended.sentAt)
  }
  return times
}

const isBegun = ({ type, content }: Received): boolean => type === 'stream' && String(content['text']).startsWith('runs\n')
