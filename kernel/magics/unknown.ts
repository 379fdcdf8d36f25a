import { closestMatch } from 'leven'
import { UsageError } from '../errors.ts'
import type { WrittenMagic } from './parse.ts'
import { namesOf, table } from './table.ts'

/** Says what could have been meant. */
export function unknownMagic({ form, name }: WrittenMagic): UsageError {
  const other = form === '%' ? '%%' : '%'
  if (table.get(name)?.forms.includes(other)) {
    return new UsageError(form === '%' ? `%${name} is for a whole cell: write %%${name}.` : `%%${name} is for a line: write %${name}.`)
  }
  const names = namesOf(form)
  const near = name && closestMatch(`${form}${name}`, names, { maxDistance: Math.max(2, Math.ceil(name.length / 3)) })
  return new UsageError(`There is no magic ${form}${name}.${near ? ` Did you mean ${near}?` : ''} There are: ${names.join(', ')}.`)
}
