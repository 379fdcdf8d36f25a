import { readFile } from 'node:fs/promises'
import { UsageError } from '../../errors.ts'
import type { Given } from './parameters.ts'

/**
 * The parameters in a file of YAML, or of JSON, which is YAML too: names and values.
 *
 * @throws UsageError for a file that can't be read, and for one that is something else, naming the line
 * @example await readParametersFile('parameters.yaml')
 */
export async function readParametersFile(file: string): Promise<readonly Given[]> {
  const { parse } = await import('yaml')
  const values = parsed(await contentOf(file), file, parse)
  if (typeof values !== 'object' || values === null || Array.isArray(values)) throw new UsageError(`${file} has no parameters: write names and values, such as name: World.`)
  return Object.entries(values).map(([name, value]) => ({ name, value: value as unknown, text: typeof value === 'string' ? value : JSON.stringify(value) }))
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
