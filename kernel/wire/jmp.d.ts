/** The part of jmp that the codec uses; the package has no types of its own. */
declare module 'jmp' {
  interface Parts {
    idents: Uint8Array[]
    header: unknown
    parent_header: unknown
    metadata: unknown
    content: unknown
    buffers: Uint8Array[]
  }

  export class Message {
    constructor(parts: Parts)
    idents: Uint8Array[]
    header: unknown
    parent_header: unknown
    metadata: unknown
    content: unknown
    buffers: Uint8Array[]
    static _decode(frames: readonly Buffer[], scheme: string, key: string): Message | null
    _encode(scheme: string, key: string): (string | Uint8Array)[]
  }

  const jmp: { readonly Message: typeof Message }
  export default jmp
}
