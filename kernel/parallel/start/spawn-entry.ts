import { readSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import * as net from 'node:net'
import { pathToFileURL } from 'node:url'
import { markPrograms } from './orphans.ts'
import { endWithParent } from './parent-death.ts'
import { GO, LINK } from './spawn-protocol.ts'
import type { Entry } from './starter.ts'

const [, , entryPath, parent, cache, guard] = process.argv as [string, string, string, string, string, string | undefined]
process.argv.splice(1, process.argv.length, entryPath)

for (const stream of [process.stdout, process.stderr]) waitUntilWritten(stream)
// Where it can't write there, it compiles as ever.
enableCompileCache(cache)
await endWithParent(Number(parent), guard !== undefined)
markPrograms()
const { main } = await import(pathToFileURL(entryPath).href) as Entry
untilGo()
main(new net.Socket({ fd: LINK }))

// Blocks, having nothing else to do, and reads no byte more: what follows is for `main`.
function untilGo(): void {
  for (;;) {
    try {
      // Nobody will ask for this process any more.
      if (readSync(LINK, Buffer.alloc(GO.length)) === 0) process.exit()
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') process.exit()
      if ((error as NodeJS.ErrnoException).code !== 'EINTR') throw error
    }
  }
}

// Node's streams make the descriptor one that refuses what doesn't fit at once, for all other writers too.
function waitUntilWritten(stream: NodeJS.WriteStream): void {
  const { _handle: handle } = stream as unknown as { _handle?: { setBlocking?(blocking: boolean): number } }
  handle?.setBlocking?.(true)
}
