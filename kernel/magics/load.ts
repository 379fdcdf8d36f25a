import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { UsageError } from '../errors.ts'
import { fromHome } from './from-home.ts'
import { defineMagic } from './magic.ts'

export const loadMagic = defineMagic({
  summary: 'puts the code of a file, or of an address on the web, into the cell',
  words: 'FILE',
  async line({ words, notebook, signal }) {
    const [place, ...more] = words
    if (place === undefined || more.length > 0) throw new UsageError('%load takes one file: %load helpers.ts')
    const code = /^https?:\/\//.test(place) ? await download(place, signal) : await readFile(fileOf(place), 'utf8')
    notebook.offer(`// %load ${place}\n${code}`, 'here')
  }
})

async function download(address: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(address, { signal })
  if (!response.ok) throw new UsageError(`${address} answered ${response.status} ${response.statusText}.`)
  return response.text()
}

function fileOf(place: string): string {
  const file = [fromHome(place), `${fromHome(place)}.ts`].find(existsSync)
  if (!file) throw new UsageError(`There is no file "${place}" in ${process.cwd()}.`)
  return file
}
