/** The folder of sources, or of the build, in which this code runs. Bundling moves code between files, not out of it. */
export const ROOT = new URL(import.meta.url.replace(/^(.*\/(?:kernel|dist)\/).*$/, '$1'))
const EXTENSION = import.meta.url.slice(import.meta.url.lastIndexOf('.'))

/**
 * A file that is started on its own (a process, a thread), whether this runs from source or from the build.
 *
 * @example entryFile('session/entry') // …/kernel/session/entry.ts, or …/dist/session/entry.js
 */
export function entryFile(name: string): URL {
  return new URL(name + EXTENSION, ROOT)
}
