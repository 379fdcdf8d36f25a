/** What is asked for these loads Node's HTTP client, its web streams or its cryptography: megabytes, and up to tens of milliseconds. */
const COSTLY = /^(FormData|Headers|Request|Response|MessageEvent|WebSocket|CloseEvent|EventSource|BroadcastChannel|crypto|Crypto|CryptoKey|SubtleCrypto|ByteLengthQueuingStrategy|CountQueuingStrategy|(Readable|Writable|Transform|TextEncoder|TextDecoder|Compression|Decompression)[A-Za-z]*)$/

const noted: Record<string, PropertyDescriptor> = {}
let costly: readonly string[] | undefined

/** Takes note of the globals that are Node's, before anybody defines others or changes these. */
export function noteGlobals(): void {
  if (costly) return
  const names = Object.getOwnPropertyNames(globalThis)
  costly = names.filter(name => COSTLY.test(name))
  note(names.filter(name => !COSTLY.test(name)))
}

let ready: ReadonlySet<string> | undefined

/** Takes note of the globals that are there when the first cell may run, but for those that are the notebook's. */
export function noteReady(ofNotebook: readonly string[]): void {
  ready = new Set(Object.getOwnPropertyNames(globalThis).filter(name => !ofNotebook.includes(name)))
}

/** Whether a global is one of the notebook's: `globalThis.x = 1` declares nothing, and is a variable like any other. */
export function isOfNotebook(name: string): boolean {
  return ready !== undefined && !ready.has(name) && Object.hasOwn(globalThis, name)
}

/**
 * Node's globals. It makes Node load those parts of its own, which use globals by name: so it comes before one of these
 * is hidden, and when somebody looks for one.
 */
export function globals(): Readonly<Record<string, PropertyDescriptor>> {
  noteGlobals()
  note(costly ?? [])
  costly = []
  return noted
}

/** Called before a global of this name is hidden by another. */
export function beforeHiding(name: string): void {
  if (name in globalThis) globals()
}

function note(names: readonly string[]): void {
  for (const name of names) noted[name] = Object.getOwnPropertyDescriptor(globalThis, name) as PropertyDescriptor
}
