/** So many characters of a command are enough to know it again. */
const LENGTH = 40

/** A program and its arguments in one line, shortened; of a shell the line that it was given. */
export function commandLine(words: readonly string[]): string {
  const isShell = words[1] === '-c' && String(words[0]).endsWith('sh')
  const characters = [...(isShell ? words.slice(2) : words).join(' ').replace(/\s+/g, ' ').trim()]
  return characters.length > LENGTH ? `${characters.slice(0, LENGTH - 1).join('')}…` : characters.join('')
}
