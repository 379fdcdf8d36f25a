import { closestMatch } from 'leven'
import { markdown } from '../display/display.ts'
import { UsageError } from '../errors.ts'
import { defineMagic } from './magic.ts'
import { grammarOf, usage } from './options.ts'
import { namesOf, table } from './table.ts'

export const helpMagic = defineMagic({
  summary: 'what to know first, or how a magic is used',
  words: '[NAME]',
  line: ({ words: [name] }) => (name === undefined ? overview() : describe(name))
})

function overview(): unknown {
  return markdown(`Cells are TypeScript: imports, top-level \`await\`, and the value of the last expression is shown.

- \`%%process\` or \`%%thread\` above a cell runs it in a process or thread of its own; \`-n 4\` in four, \`--background\` while you go on.
- \`import { Process, Thread, Queue, Pool, Lock } from 'paracell'\` does the same with functions.
- \`%jobs\` shows what runs, \`%jobs stop NAME\` ends it; an interrupt stops the running cell and keeps the variables.
- \`%install NAME\` brings a package from npm, \`%%sh\` runs a shell script, \`%time\` measures.
- \`%lsmagic\` lists all magics, \`%help NAME\` explains one. Your own: \`import { magic } from 'paracell'\`.`)
}

async function describe(given: string): Promise<unknown> {
  const name = given.replace(/^%+/, '')
  const entry = table.get(name)
  if (!entry) throw unknown(name)
  const magic = await entry.load()
  const usages = entry.forms.map(form => usage(`${form}${name}`, grammarOf(form, magic)))
  const title = entry.forms.map(form => `${form}${name}`).join(', ')
  return markdown([`**${title}** ${magic.summary ?? ''}`, ...usages.map(text => `\`${text}\``)].join('\n\n'))
}

function unknown(name: string): UsageError {
  const near = closestMatch(name, [...table.keys()], { maxDistance: 3 })
  const all = [...namesOf('%'), ...namesOf('%%')].join(', ')
  return new UsageError(`There is no magic "${name}".${near ? ` Did you mean ${near}?` : ''} There are: ${all}.`)
}
