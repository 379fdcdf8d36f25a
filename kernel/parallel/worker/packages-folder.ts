/** Tells a worker process where modules are looked for; it is gone before any code of the notebook could see it. */
const NAME = 'PARACELL_PACKAGES'

/** The environment of a process that works in `cwd` and looks for modules in `folder`. */
export function environmentFor(folder: string, cwd: string): Record<string, string> {
  return { ...process.env, ...(folder === cwd ? {} : { [NAME]: folder }) } as Record<string, string>
}

/** Where modules are looked for: another folder than the working one only where this process was told so. */
export function packagesFolder(): string {
  const { [NAME]: folder = process.cwd() } = process.env
  delete process.env[NAME]
  return folder
}
