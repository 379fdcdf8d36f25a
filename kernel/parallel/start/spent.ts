/** What a process has used so far. */
export interface Spent {
  /** On all cores together, in milliseconds. */
  readonly cpuTime: number
  /** In bytes. */
  readonly memory: number
  /** How long it has run, in milliseconds. */
  readonly elapsed?: number
}

/** Rejects when the process has ended. What it takes is loaded when somebody first asks. */
export async function spentBy(pid: number): Promise<Spent> {
  const { default: pidusage } = await import('pidusage')
  // It keeps a process's file open so long, in milliseconds.
  const { ctime, memory, elapsed } = await pidusage(pid, { maxage: 1000 })
  return { cpuTime: ctime, memory, elapsed }
}
