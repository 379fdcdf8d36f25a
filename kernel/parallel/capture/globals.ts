let noted: Readonly<Record<string, PropertyDescriptor>> | undefined

/**
 * The globals as they were when this was first called. It makes Node load parts of its own, which use globals by name and
 * take tens of milliseconds: so it is called before a cell declares such a name anew, or when workers are first used.
 */
export function globals(): Readonly<Record<string, PropertyDescriptor>> {
  return (noted ??= Object.getOwnPropertyDescriptors(globalThis))
}
