import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { UsageError } from '../errors.ts'
import { fromHome } from './from-home.ts'
import { defineMagic } from './magic.ts'
import { unquoted } from './options.ts'

let previous: string | undefined

/** For files, programs and processes; imports are still resolved from the notebook's folder. */
export const cdMagic = defineMagic({
  summary: 'goes to another folder; without a folder, home; with -, back',
  line({ text }) {
    const before = process.cwd()
    process.chdir(folderOf(unquoted(text)))
    previous = before
    console.log(process.cwd())
  }
})

function folderOf(text: string): string {
  if (text === '') return homedir()
  if (text === '-') return previous ?? process.cwd()
  const folder = fromHome(text)
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new UsageError(`There is no folder "${text}" in ${process.cwd()}.`)
  return folder
}
