import { writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { ANSWERS, type Answer } from './fork-protocol.ts'
import { withoutSeeding } from './randomness.ts'
import type { Entry } from './starter.ts'

const entryPath = process.argv[2] as string
// In children this is what user code sees, and hands on to the processes and threads that it starts.
process.execArgv.length = 0
process.argv.splice(1, 2, entryPath)

// What is compiled here, each child has; what isn't, each would compile for itself.
setFlagsFromString('--no-lazy')
const { serve } = await import('./fork-loop.ts').catch((error: Error) => unable('system', error))
const entry: Entry = await withoutSeeding(() => import(pathToFileURL(entryPath).href) as Promise<Entry>)
  .catch((error: Error) => unable('entry', error))
setFlagsFromString('--lazy')
await withoutSeeding(async () => entry.practise?.()).catch((error: Error) => unable('entry', error))
serve(entry, answer)

function answer(message: Answer): void {
  writeSync(ANSWERS, `${JSON.stringify(message)}\n`)
}

function unable(where: 'system' | 'entry', error: Error): never {
  answer({ type: 'unable', where, reason: error.stack ?? String(error) })
  process.exit(1)
}
