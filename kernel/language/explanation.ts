/** What is known about the place of a cursor. */
export interface Explanation {
  /** TypeScript: how it is declared, or the call that the cursor is in. */
  readonly signature: string
  /** Markdown. */
  readonly documentation: string
  /** TypeScript, where it was asked for. */
  readonly source?: string
}

/** Types and documentation, then the value as it is now, as front ends show them. */
export function explained({ signature, documentation, source = '' }: Explanation, value: string): { readonly 'text/plain': string; readonly 'text/markdown': string } {
  const plain = [signature, plainText(documentation), source, value]
  const markdown = [fenced(signature), documentation, source && fenced(source), value && `\`\`\`\n${value}\n\`\`\``]
  const joined = (texts: readonly string[]): string => texts.filter(text => text !== '').join('\n\n')
  return { 'text/plain': joined(plain), 'text/markdown': joined(markdown) }
}

const fenced = (code: string): string => `\`\`\`typescript\n${code}\n\`\`\``

const plainText = (markdown: string): string => markdown.replaceAll('**', '').replaceAll('`', '')

/** A call, with the argument that is being written and what is said of it. */
export function explainedCall(label: string, argument: string | undefined, said: string, ...texts: readonly string[]): Explanation {
  const current = argument === undefined ? '' : `Argument **\`${argument}\`**${said && `: ${said}`}`
  return { signature: label, documentation: [current, ...texts].filter(text => text !== '').join('\n\n') }
}
