/** What functions of Node and native packages say when they are given a reference, which only looks like what it refers to. */
const CONFUSED: readonly (readonly [said: RegExp, hint: string])[] = [
  [
    /Received an instance of (?:Buffer|ArrayBuffer|DataView|\w+Array)\b|must be an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView|^Invalid argument$/,
    `Bytes of the notebook are a reference in a thread, which functions of Node and native packages don't take:
give them snapshot(value), a copy, or make the bytes over a SharedArrayBuffer.
`
  ],
  [
    /could not be cloned\.$|called on incompatible receiver|must be a buffer source/,
    `Values of the notebook are references in a thread, which can't be cloned, nor be used by native code: give it snapshot(value), a copy.
`
  ]
]

/** What to do about an error of a thread, if it looks like one of a reference. */
export function referenceHint(thrown: unknown): string {
  if (!(thrown instanceof Error)) return ''
  return CONFUSED.find(([said]) => said.test(thrown.message))?.[1] ?? ''
}
