import type { Readable } from 'node:stream'

/** Calls `take` for each line that comes, parsed as JSON. */
export function onEachMessage<Message>(source: Readable, take: (message: Message) => void): void {
  let rest = ''
  source.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(JSON.parse(line) as Message)
  })
}
