import { UsageError } from '../errors.ts'
import { defineMagic } from './magic.ts'

export const timeMagic = defineMagic({
  summary: 'runs the rest of the line, or with %%time of the cell, and says how long it took',
  line({ text, run }) {
    if (text === '') throw new UsageError('%time takes code: %time await work(). %%time is for the whole cell.')
    return timed(() => run(text))
  },
  cell: ({ run }) => timed(() => run())
})

async function timed(work: () => Promise<unknown>): Promise<unknown> {
  const [begun, cpu] = [performance.now(), process.cpuUsage()]
  try {
    return await work()
  } finally {
    const wall = performance.now() - begun
    const { user, system } = process.cpuUsage(cpu)
    console.log(`took ${readable(wall)}, CPU ${readable((user + system) / 1000)}`)
  }
}

/** Three digits, in the unit in which they are read best. */
function readable(milliseconds: number): string {
  if (milliseconds < 1) return `${(milliseconds * 1000).toFixed(0)} µs`
  if (milliseconds < 1000) return `${milliseconds.toPrecision(3)} ms`
  const seconds = milliseconds / 1000
  return seconds < 60 ? `${seconds.toPrecision(3)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}
