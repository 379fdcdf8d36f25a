import type { BenchClient, Received } from './client.ts'
import type { Samples } from './figures.ts'
import type { KernelSpec } from './kernels.ts'
import { memoryBelow } from './memory.ts'
import { type Running, start } from './running.ts'

const CELLS_BEFORE = 50
const QUESTIONS = 20

/** A cell as notebooks have them; later ones use what earlier ones declare. */
const cell = (index: number): string => [
  `interface Row${index} { id: number; name: string; tags: string[] }`,
  `const rows${index}: Row${index}[] = Array.from({ length: 10 }, (_, id) => ({ id, name: \`row \${id}\`, tags: ['a', 'b'] }))`,
  `/** Finds a row by its name. */`,
  `function find${index}(name: string): Row${index} | undefined {`,
  `  return rows${index}.find(row => row.name === name)`,
  '}',
  index === 0 ? 'find0("row 1")' : `find${index}(find${index - 1}("row 1")!.name)`
].join('\n')

/** What a kernel knows of types, with a notebook's worth of cells before. */
export async function types(spec: KernelSpec): Promise<Samples> {
  if (spec.name === 'ipykernel') return {}
  const first = {
    inspectFirst: await firstOf(spec, inspection(0)),
    callFirst: await firstOf(spec, call(0)),
    globalFirst: await firstOf(spec, atEndOf('console.log')),
    globalCallFirst: await firstOf(spec, atEndOf('JSON.stringify('))
  }
  await using running = await withCells(spec)
  const { client } = running
  const completeFirst = await answerTime(client, 'complete_request', completion(0))
  const [complete, inspect, warning]: number[][] = [[], [], []]
  for (let index = 1; index < QUESTIONS; index++) {
    complete?.push(...(await answerTime(client, 'complete_request', completion(index))))
    inspect?.push(...(await answerTime(client, 'inspect_request', inspection(index))))
  }
  if (spec.name !== 'paracell') return { ...first, completeFirst, complete: complete ?? [], inspect: inspect ?? [] }
  for (let index = 0; index < QUESTIONS; index++) {
    const warned = Promise.withResolvers<Received>()
    client.onOutput = message => isWarning(message) && warned.resolve(message)
    const { idle, sentAt } = await client.execute(`const wrong${index}: number = find${index}("row 1")`)
    warning?.push((await warned.promise).at - sentAt - idle)
  }
  const server = memoryBelow(running.process.pid ?? 0, '--lsp')
  return { ...first, completeFirst, complete: complete ?? [], inspect: inspect ?? [], warning: warning ?? [], server: [server] }
}

/** A fresh kernel in which a row of cells has just run. */
async function withCells(spec: KernelSpec): Promise<Running> {
  const running = await start(spec)
  await running.client.subscribed()
  for (let index = 0; index < CELLS_BEFORE; index++) await running.client.execute(cell(index))
  return running
}

/** How long help takes that is asked for before anything else, right after the last cell. */
async function firstOf(spec: KernelSpec, question: object): Promise<number[]> {
  await using running = await withCells(spec)
  return await answerTime(running.client, 'inspect_request', question)
}

/** Nothing where the kernel has nothing to say: that is quickly said. */
async function answerTime(client: BenchClient, type: 'complete_request' | 'inspect_request', question: object): Promise<number[]> {
  const begin = performance.now()
  const { at, content } = await client.reply(type, question)
  const isAnswer = content['found'] === true || (Array.isArray(content['matches']) && content['matches'].length > 0)
  return isAnswer ? [at - begin] : []
}

function completion(index: number): object {
  const code = `const text = "x"\nrows${index}[0].`
  return { code, cursor_pos: code.length }
}

function inspection(index: number): object {
  const code = `find${index}("row 1")`
  return { code, cursor_pos: 3, detail_level: 0 }
}

/** In the parentheses of a call. */
function call(index: number): object {
  return atEndOf(`find${index}(`)
}

const atEndOf = (code: string): object => ({ code, cursor_pos: code.length, detail_level: 0 })

const isWarning = ({ type, content }: Received): boolean => type === 'stream' && content['name'] === 'stderr' && String(content['text']).includes('TS2322')
