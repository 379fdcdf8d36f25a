import { readFile } from 'node:fs/promises'
import { UsageError } from '../../errors.ts'
import { isName } from './parameters.ts'
import type { Given } from './parameter-values.ts'

/**
 * The parameters in a file of YAML, or of JSON, which is YAML too: names and values, or a list of such, each for runs
 * of its own.
 *
 * @throws UsageError for a file that can't be read, and for one that is something else, naming the line
 * @example await readParametersFile('parameters.yaml')
 */
export async function readParametersFile(file: string): Promise<readonly (readonly Given[])[]> {
  const { parse } = await import('yaml')
  const content = parsed(await contentOf(file), file, parse)
  const sets = Array.isArray(content) && content.length > 0 ? content : [content]
  return sets.map((set: unknown, index) => givenBy(set, sets.length > 1 ? `${file}, item ${index + 1}` : file))
}

function givenBy(set: unknown, place: string): readonly Given[] {
  if (typeof set !== 'object' || set === null || Array.isArray(set)) throw new UsageError(`${place} has no parameters: write names and values, such as name: World.`)
  return Object.entries(set).map(([name, data]) => {
    if (!isName(name)) throw new UsageError(`${place}: a variable can't be called ${JSON.stringify(name)}.`)
    return { name, place: `${place}, ${name}`, value: { data: data as unknown } }
  })
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new UsageError(`${file} can't be read: ${(cause as Error).message}`, { cause })
  }
}

function parsed(text: string, file: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text)
  } catch (cause) {
    const [problem = ''] = (cause as Error).message.split('\n')
    throw new UsageError(`${file} is no YAML or JSON: ${problem}`, { cause })
  }
}
