import { statSync } from 'node:fs'
import { basename, extname, join, resolve } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { Notebook } from './notebook.ts'
import { checkParameters, type Values, withParameters } from './parameters.ts'
import type { Given } from './parameter-values.ts'

/** A notebook to run, and where to write it. */
export interface Plan {
  /** Of several, what makes this one different, such as `count=1 name=Ada`; else empty. */
  readonly label: string
  readonly notebook: Notebook
  readonly out: string
}

export interface Wish {
  readonly file: string
  readonly notebook: Notebook
  /** Runs of their own, each with all combinations of its values. */
  readonly sets: readonly (readonly Given[])[]
  /** The file, pattern or folder to write to; by default where the notebook came from. */
  readonly out: string | undefined
}

/** So much of a value becomes part of a file's name. */
const LONGEST = 40

/**
 * What there is to run: every combination of the values of all parameters. Of several, each is written to a file of its
 * own, called after what makes it different, or as `{name}` in `out` says, where `{run}` is the run's number.
 *
 * @throws UsageError for parameters that the notebook does not have or want, and for two runs with one file
 * @example planRuns({ file: 'n.ipynb', notebook, sets: [[readAssignment('count=1,2')]], out: undefined }) // n-count=1.ipynb, n-count=2.ipynb
 */
export function planRuns({ file, notebook, sets, out }: Wish): readonly Plan[] {
  const runs = sets.flatMap(set => combinations(checkParameters(notebook, set)))
  const varying = namesThatVary(runs)
  const plans = runs.map((values, index) => {
    const difference = varying.filter(name => values.has(name)).map(name => `${name}=${shown(values.get(name))}`)
    const label = runs.length > 1 ? difference.join(' ') || `run ${index + 1}` : ''
    return { label, notebook: withParameters(notebook, values), out: outFor({ file, out, difference }, values, index + 1) }
  })
  if (plans.length > 1) assertDistinct(plans, file)
  return plans
}

function combinations(choices: ReadonlyMap<string, readonly unknown[]>): readonly Values[] {
  let all: readonly (readonly (readonly [string, unknown])[])[] = [[]]
  for (const [name, values] of choices) all = all.flatMap(before => values.map(value => [...before, [name, value] as const]))
  return all.map(entries => new Map(entries))
}

function namesThatVary(runs: readonly Values[]): readonly string[] {
  const names = new Set(runs.flatMap(values => [...values.keys()]))
  return [...names].filter(name => new Set(runs.map(values => (values.has(name) ? shown(values.get(name)) : undefined))).size > 1)
}

interface Named {
  readonly file: string
  readonly out: string | undefined
  readonly difference: readonly string[]
}

const PLACE = /\{([\p{ID_Start}$_][\p{ID_Continue}$]*)\}/gu

function outFor({ file, out = file, difference }: Named, values: Values, run: number): string {
  const hasPlaces = out !== file && out.search(PLACE) !== -1
  if (hasPlaces) return out.replace(PLACE, (_, name: string) => inFileName(valueFor(name, out, new Map([['run', run], ...values]))))
  if (difference.length === 0) return out
  const path = isFolder(out) ? join(out, basename(file)) : out
  const extension = extname(path)
  return `${path.slice(0, path.length - extension.length)}-${difference.map(inFileName).join('-')}${extension}`
}

function valueFor(name: string, out: string, values: Values): string {
  if (!values.has(name)) throw new UsageError(`-o ${out}: nothing is given for {${name}}. There is: ${[...values.keys()].map(each => `{${each}}`).join(', ')}.`)
  return shown(values.get(name))
}

/** A folder's name would lead somewhere else, and some systems don't take all letters. */
function inFileName(text: string): string {
  return text.replace(/["[\]{}]/g, '').replace(/[^\p{L}\p{N}.,_=+@%-]+/gu, '_').slice(0, LONGEST)
}

function shown(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function isFolder(path: string): boolean {
  return path.endsWith('/') || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function assertDistinct(plans: readonly Plan[], file: string): void {
  const labels = new Map([[resolve(file), 'the notebook itself']])
  for (const { label, out } of plans) {
    const other = labels.get(resolve(out))
    if (other !== undefined) throw new UsageError(`Both ${other} and ${label} would be written to ${out}: give each a name of its own with -o, such as -o 'out-{run}.ipynb'.`)
    labels.set(resolve(out), label)
  }
}
