/** How a value was reached, as a chain that is only spelled out when it can't travel. */
export interface Trail {
  readonly from?: Trail
  /** `.socket`, `[0]`: how it hangs on the value before. Absent where a new path begins. */
  readonly step?: string
  /** `config`: where a path begins. */
  readonly start?: string
  /** `notebook variable "config"`: said about the path. */
  readonly note?: string
  /** The object that has the value as a property. */
  readonly holder?: object
}

/** `runSomething → config.socket (notebook variable "config")` */
export function spell(trail: Trail): string {
  const parts: string[] = []
  let steps = ''
  for (let at: Trail | undefined = trail; at; at = at.from) {
    if (at.start === undefined) {
      steps = at.step + steps
    } else {
      const note = at.note && parts.length === 0 ? ` (${at.note})` : ''
      parts.unshift(at.start + steps + note)
      steps = ''
    }
  }
  return parts.join(' → ').replace(/^\./, '')
}

/** The step to a property: `.socket`, `[0]`, `["a b"]`. */
export function property(key: PropertyKey): string {
  if (typeof key === 'symbol') return `[${String(key)}]`
  if (typeof key === 'number' || /^(?:0|[1-9]\d*)$/.test(key)) return `[${key}]`
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}
