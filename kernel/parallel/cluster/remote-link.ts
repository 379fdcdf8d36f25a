import { Decoder, encode } from '../link-frames.ts'
import type { FromHub, Link, ToHub } from '../protocol.ts'
import type { RemoteProcess } from './remote-process.ts'

/** The hub's side of the link with a process of another machine. */
export function remoteLink<Out extends FromHub, In extends ToHub>(process: RemoteProcess): Link<Out, In> {
  const post = (message: Out | FromHub): void => {
    for (const piece of encode(message)) process.send(piece)
  }
  return {
    post,
    moves: false,
    drained: () => process.room(),
    listen: listener => {
      const decoder = new Decoder<In>()
      process.listen(bytes => {
        for (const message of decoder.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))) {
          // Memory is shared on one machine only, even if both should be the same one.
          if (message.type === 'ask' && (message.ask.type === 'ring' || message.ask.type === 'lanes')) post({ type: 'reply', request: message.request, value: false })
          else listener(message)
        }
      })
    },
    hold: () => undefined
  }
}
