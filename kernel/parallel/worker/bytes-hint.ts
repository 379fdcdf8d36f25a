/** What functions of Node and native packages say when they are given a reference to bytes, which only looks like them. */
const CONFUSED = /Received an instance of (?:Buffer|ArrayBuffer|DataView|\w+Array)\b|must be an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView|^Invalid argument$/

const HINT = `Bytes of the notebook are a reference in a thread, which functions of Node and native packages don't take:
give them snapshot(value), a copy, or make the bytes over a SharedArrayBuffer.
`

/** What to do about an error of a thread, if it looks like one of a reference to bytes. */
export function bytesHint(thrown: unknown): string {
  return thrown instanceof Error && CONFUSED.test(thrown.message) ? HINT : ''
}
