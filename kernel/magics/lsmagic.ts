import { mime } from '../display/display.ts'
import { toTable } from '../display/table.ts'
import { defineMagic } from './magic.ts'
import { table } from './table.ts'

export const lsmagicMagic = defineMagic({
  summary: 'all magics: % for a line before the code, %% for a whole cell',
  options: {},
  async line() {
    const rows = await Promise.all([...table].map(async ([name, { forms, load }]) => ({ name, forms, summary: (await load()).summary ?? '' })))
    const columns = [
      { title: 'magic', text: ({ name, forms }: (typeof rows)[number]) => forms.map(form => `${form}${name}`).join(' ') },
      { title: 'what it does', text: ({ summary }: (typeof rows)[number]) => summary }
    ]
    return mime(toTable(columns, rows.toSorted((a, b) => a.name.localeCompare(b.name))))
  }
})
