import { mime } from '../display/display.ts'
import { type Column, toTable } from '../display/table.ts'
import { UsageError } from '../errors.ts'
import { defineMagic } from './magic.ts'
import { unquoted } from './options.ts'

type Variable = readonly [name: string, value: string | undefined]

const columns: readonly Column<Variable>[] = [
  { title: 'name', text: ([name]) => name },
  { title: 'value', text: shown }
]

const SECRET = /key|token|secret|password|credential/i

/** Programs, threads and processes that are started from now on have it, too. */
export const envMagic = defineMagic({
  summary: 'environment variables: all, the one of a NAME, or sets it with NAME=value',
  line({ text }) {
    if (text === '') return mime(toTable(columns, Object.entries(process.env).toSorted()))
    const [, name = '', isSet, value = ''] = /^(.+?)(\s*=\s*|\s+|$)(.*)$/s.exec(text) ?? []
    if (isSet) return void (process.env[name] = unquoted(value))
    if (process.env[name] === undefined) throw new UsageError(`There is no environment variable ${name}. Set it with %env ${name}=value.`)
    return process.env[name]
  }
})

/** A notebook is shown to others: only who asks for a secret by its name gets to see it. */
function shown([name, value = '']: Variable): string {
  return SECRET.test(name) ? '<hidden>' : value
}
