import type { Magic } from './magic.ts'

export interface Entry {
  readonly forms: readonly ('%' | '%%')[]
  /** Whether what follows a `%%name` is something else than TypeScript. */
  readonly isText?: boolean
  /** Whether it needs what threads and processes need. */
  readonly usesWorkers?: boolean
  /** Whether a cell of the notebook has made it. */
  readonly isOwn?: boolean
  load(): Promise<Magic> | Magic
}

/** All magics by name, each loaded when it is first used. */
export const table = new Map<string, Entry>([
  ['jobs', { forms: ['%'], usesWorkers: true, load: async () => (await import('./jobs.ts')).jobsMagic }],
  ['process', { forms: ['%%'], usesWorkers: true, load: async () => (await import('./worker.ts')).processMagic }],
  ['thread', { forms: ['%%'], usesWorkers: true, load: async () => (await import('./worker.ts')).threadMagic }]
])

/** The names of the magics of one form, with their percent signs. */
export function namesOf(form: '%' | '%%'): string[] {
  return [...table].filter(([, { forms }]) => forms.includes(form)).map(([name]) => `${form}${name}`).toSorted()
}
