import { parseArgs } from 'node:util'
import { FIGURES, type Column, type FigureName, type Samples } from './figures.ts'
import { availableKernels, type KernelSpec } from './kernels.ts'
import { type Measure, MEASURES } from './measures.ts'
import { markdown } from './table.ts'

const names = MEASURES.map(({ name }) => name)
const { values: { only } } = parseArgs({ options: { only: { type: 'string' } } })
const wanted = MEASURES.filter(({ name }) => only === undefined || only.split(',').includes(name))

if (wanted.length === 0) {
  console.error(`There is no measure ${only}. There are: ${names.join(', ')}.`)
  process.exitCode = 2
} else {
  const kernels = await availableKernels()
  const results = new Map<FigureName, Map<Column, number[]>>()
  for (const measure of wanted) await measureAll(measure, kernels, results)
  const ordered = (Object.keys(FIGURES) as FigureName[]).flatMap(name => {
    const found = results.get(name)
    return found ? [[name, found] as const] : []
  })
  const columns: Column[] = [...kernels.map(({ name }) => name), ...new Set(wanted.flatMap(({ others = {} }) => Object.keys(others) as Column[]))]
  console.log(`Best (median); of memory, messages, lost bytes, interrupts, restarts and bursts the worst (median).\n\n${markdown(new Map(ordered), columns)}`)
}

/** One kernel after the other in each round, so that what else the machine does meets all of them. */
async function measureAll(measure: Measure, kernels: readonly KernelSpec[], results: Map<FigureName, Map<Column, number[]>>): Promise<void> {
  const given = new Set<KernelSpec>()
  for (let round = 0; round < measure.rounds; round++) {
    console.error(`${measure.name} ${round + 1}/${measure.rounds}`)
    for (const kernel of kernels.filter(each => !given.has(each))) {
      const samples = await measure.run(kernel)
      add(results, kernel.name, samples)
      // Who can't do it in the time that it has is not asked again.
      if ([...(samples.lost ?? []), ...(samples.slowLost ?? [])].some(bytes => bytes > 0)) given.add(kernel)
    }
    for (const [name, run] of Object.entries(measure.others ?? {})) add(results, name as Column, await run())
  }
}

function add(results: Map<FigureName, Map<Column, number[]>>, column: Column, samples: Samples): void {
  for (const [name, values] of Object.entries(samples) as [FigureName, readonly number[]][]) {
    const figure = results.get(name) ?? new Map<Column, number[]>()
    // Empty where it couldn't answer.
    if (values.length > 0) figure.set(column, [...(figure.get(column) ?? []), ...values])
    results.set(name, figure)
  }
}
