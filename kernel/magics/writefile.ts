import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { UsageError } from '../errors.ts'
import { fromHome } from './from-home.ts'
import { defineMagic } from './magic.ts'

export const writefileMagic = defineMagic({
  summary: 'writes the cell to a file, or with -a to its end',
  words: 'FILE',
  options: { append: { type: 'boolean', short: 'a' } },
  isText: true,
  async cell({ words, options, body }) {
    const [name, ...more] = words
    if (name === undefined || more.length > 0) throw new UsageError('%%writefile takes one file: %%writefile helpers.ts')
    const file = path.resolve(fromHome(name))
    await mkdir(path.dirname(file), { recursive: true })
    await (options.append ? appendFile : writeFile)(file, body === '' || body.endsWith('\n') ? body : `${body}\n`)
    console.log(`${options.append ? 'Appended to' : 'Wrote'} ${name}`)
  }
})
