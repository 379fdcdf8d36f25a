import { escapeHtml } from '../../display/table.ts'
import type { MimeBundle } from '../../session/protocol.ts'
import type { WorkerKind } from '../protocol.ts'

export type JobState = 'running' | 'done' | 'failed' | 'stopped'

export interface JobView {
  readonly name: string
  readonly kind: WorkerKind
  readonly count: number
  readonly state: JobState
  readonly since: Date
  /** How long it has run. */
  readonly milliseconds: number
  /** Why it failed. */
  readonly reason: string | undefined
}

interface Look {
  readonly sign: string
  readonly colour: string
  describe(view: JobView): string
}

const looks: { readonly [S in JobState]: Look } = {
  running: { sign: '▶', colour: 'var(--jp-brand-color1, royalblue)', describe: ({ since }) => `running since ${clock(since)}` },
  done: { sign: '✓', colour: 'var(--jp-success-color1, green)', describe: view => `done after ${duration(view.milliseconds)}` },
  stopped: { sign: '■', colour: 'var(--jp-ui-font-color2, grey)', describe: view => `stopped after ${duration(view.milliseconds)}` },
  failed: { sign: '✗', colour: 'var(--jp-error-color1, firebrick)', describe: ({ milliseconds, reason }) => `failed after ${duration(milliseconds)}${reason ? `: ${reason}` : ''}` }
}

/** One line that says what a job is and how it is doing. */
export function picture(view: JobView): MimeBundle {
  const { sign, colour, describe } = looks[view.state]
  const what = `${workers(view)}, ${describe(view)}`
  return {
    'text/plain': `${sign} ${view.name}: ${what}`,
    'text/html': `<div><span style="color: ${colour}">${sign}</span> <b>${escapeHtml(view.name)}</b>: ${escapeHtml(what)}</div>`
  }
}

function workers({ kind, count }: JobView): string {
  if (count === 1) return `a ${kind}`
  return `${count} ${kind === 'process' ? 'processes' : 'threads'}`
}

/** @example clock(new Date()) // '14:03:22' */
export function clock(time: Date): string {
  return time.toLocaleTimeString([], { hourCycle: 'h23' })
}

/** @example duration(83_000) // '1 min 23 s' */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds.toFixed(0)} ms`
  const seconds = milliseconds / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
