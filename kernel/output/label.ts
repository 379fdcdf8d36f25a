import type { Owner, SessionEvent } from '../session/protocol.ts'

/** What a labelled worker has printed of a line that has not ended. */
interface Line {
  readonly owner: Owner
  readonly name: 'stdout' | 'stderr'
  text: string
}

/** Lets labelled workers print whole lines only, each behind its label, so that lines of several never mix. */
export class Labels {
  readonly #lines = new Map<string, Line>();

  /** What becomes of an event: most stay as they are. */
  *of(event: SessionEvent): Generator<SessionEvent> {
    if (event.type === 'stream' && event.owner.label) return yield* takeText(this.#lines, event.owner, event.name, event.text)
    if (event.type === 'done') yield* flush(this.#lines, line => line.owner.cell === event.cell)
    if (event.type === 'ended') yield* flush(this.#lines, line => line.owner.cell === event.owner.cell && line.owner.worker === event.owner.worker)
    yield event
  }
}

function* takeText(lines: Map<string, Line>, owner: Owner, name: 'stdout' | 'stderr', text: string): Generator<SessionEvent> {
  const key = `${name} ${owner.cell} ${owner.worker}`
  const line = lines.get(key) ?? { owner, name, text: '' }
  lines.set(key, line)
  line.text += text
  const end = line.text.lastIndexOf('\n') + 1
  if (end === 0) return
  yield whole(line, line.text.slice(0, end - 1))
  line.text = line.text.slice(end)
}

function* flush(lines: Map<string, Line>, which: (line: Line) => boolean): Generator<SessionEvent> {
  for (const [key, line] of lines) {
    if (!which(line)) continue
    lines.delete(key)
    if (line.text) yield whole(line, line.text)
  }
}

function whole({ owner, name }: Line, text: string): SessionEvent {
  const labelledText = text.split('\n').map(line => `[${owner.label}] ${line}\n`).join('')
  return { type: 'stream', owner, name, text: labelledText }
}
