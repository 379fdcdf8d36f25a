import type { Magic } from './magic.ts'

export interface Entry {
  readonly forms: readonly ('%' | '%%')[]
  /** Whether what follows a `%%name` is something else than TypeScript. */
  readonly isText?: boolean
  /** Whether it needs what threads and processes need. */
  readonly usesWorkers?: boolean
  load(): Promise<Magic> | Magic
}

/** All magics by name, each loaded when it is first used. */
export const table: Map<string, Entry> = new Map<string, Entry>([
  ['cd', { forms: ['%'], load: async () => (await import('./cd.ts')).cdMagic }],
  ['cluster', { forms: ['%%'], usesWorkers: true, load: async () => (await import('./worker.ts')).clusterMagic }],
  ['env', { forms: ['%'], load: async () => (await import('./env.ts')).envMagic }],
  ['help', { forms: ['%'], load: async () => (await import('./help.ts')).helpMagic }],
  ['history', { forms: ['%'], load: async () => (await import('./history.ts')).historyMagic }],
  ['install', { forms: ['%'], load: async () => (await import('./install.ts')).installMagic }],
  ['jobs', { forms: ['%'], usesWorkers: true, load: async () => (await import('./jobs.ts')).jobsMagic }],
  ['load', { forms: ['%'], load: async () => (await import('./load.ts')).loadMagic }],
  ['lsmagic', { forms: ['%'], load: async () => (await import('./lsmagic.ts')).lsmagicMagic }],
  ['process', { forms: ['%%'], usesWorkers: true, load: async () => (await import('./worker.ts')).processMagic }],
  ['sh', { forms: ['%', '%%'], isText: true, load: async () => (await import('./sh.ts')).shMagic }],
  ['thread', { forms: ['%%'], usesWorkers: true, load: async () => (await import('./worker.ts')).threadMagic }],
  ['time', { forms: ['%', '%%'], load: async () => (await import('./time.ts')).timeMagic }],
  ['types', { forms: ['%'], load: async () => (await import('./types.ts')).typesMagic }],
  ['who', { forms: ['%'], load: async () => (await import('./who.ts')).whoMagic }],
  ['writefile', { forms: ['%%'], isText: true, load: async () => (await import('./writefile.ts')).writefileMagic }]
])

/** The names of the magics of one form, with their percent signs. */
export function namesOf(form: '%' | '%%'): string[] {
  return [...table].filter(([, { forms }]) => forms.includes(form)).map(([name]) => `${form}${name}`).toSorted()
}
