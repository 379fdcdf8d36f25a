/** What to do about an error of a worker that misses what a cell has added to a module, such as a plugin. */
export function additionHint(thrown: unknown, additions: Readonly<Record<string, string>> = {}): string {
  const [, name = ''] = (thrown instanceof TypeError && /(\w+) is not a function/.exec(thrown.message)) || []
  if (!Object.hasOwn(additions, name)) return ''
  return `A cell has added ${name} to what it imports from "${additions[name]}", which a worker imports anew, without it:
add it in a local file that the notebook imports in place of the package, or in what the worker runs.
`
}
