/** How a value was reached, as a chain that is only spelled out when it can't travel. */
export interface Trail {
  readonly from?: Trail
  /** The property of the value before that it is. */
  readonly key?: PropertyKey
  /** Said before the property, or in place of one: `.get("k")`. */
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
      steps = (at.step ?? '') + (at.key === undefined ? '' : property(at.key)) + steps
    } else {
      const note = at.note && parts.length === 0 ? ` (${at.note})` : ''
      parts.unshift(at.start + steps + note)
      steps = ''
    }
  }
  return parts.join(' → ').replace(/^\./, '')
}

/** The step to a property: `.socket`, `[0]`, `["a b"]`. */
function property(key: PropertyKey): string {
  if (typeof key === 'symbol') return `[${String(key)}]`
  if (typeof key === 'number' || /^(?:0|[1-9]\d*)$/.test(key)) return `[${key}]`
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}
