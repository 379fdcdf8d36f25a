import { readdirSync, readFileSync } from 'node:fs'

/** Memory of a process and all below it in MB: what they share counts once (PSS). NaN where the system doesn't tell. */
export function memoryOf(pid: number): number {
  const kilobytes = family(pid).map(member => Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${member}/smaps_rollup`))?.[1] ?? Number.NaN))
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024
}

/** Memory of those below a process whose command line contains a word, in MB. */
export function memoryBelow(pid: number, word: string): number {
  return family(pid).filter(member => read(`/proc/${member}/cmdline`).includes(word)).reduce((sum, member) => sum + memoryOf(member), 0)
}

function family(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc').filter(entry => /^\d+$/.test(entry))) {
    const parent = Number(/\) \S (\d+)/.exec(read(`/proc/${name}/stat`))?.[1])
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const below = (parent: number): number[] => [parent, ...(children.get(parent) ?? []).flatMap(below)]
  return below(pid)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
