import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, test } from 'node:test'
import type { LanguageServer } from '../../kernel/types/language-server.ts'
import { Project } from '../../kernel/types/project.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** What a project tells the server, in its order: `open a.ts`, `change a.ts`. */
function record(): { readonly server: LanguageServer; readonly told: string[] } {
  const told: string[] = []
  const notify = (method: string, { textDocument }: { textDocument: { uri: string } }): void => void told.push(`${method.replace('textDocument/did', '').toLowerCase()} ${basename(textDocument.uri)}`)
  return { told, server: { notify, request: async () => null } as unknown as LanguageServer }
}

/** The files that changed between two that were opened: the server looks at those together. */
const changedTogether = (told: readonly string[]): number[] =>
  told.join('\n').split(/^open .*$/m).map(part => new Set(part.match(/(?<=^change ).*$/gm)).size)

describe('a project', () => {
  for (const configuration of [undefined, '{ "compilerOptions": { "strict": true } }']) {
    test(`never changes its configuration alone, ${configuration ? 'with' : 'without'} a tsconfig.json`, async () => {
      await using folder = await temporaryFolder()
      if (configuration !== undefined) await writeFile(join(folder.path, 'tsconfig.json'), configuration)
      const { server, told } = record()
      const project = new Project(server, folder.path)
      await project.warmUp()
      project.update([{ name: 'paracell-cells-1.ts', text: 'let a = 1' }], { name: 'paracell-input.ts', text: 'a' })
      project.update([{ name: 'paracell-cells-1.ts', text: 'let a = 1' }, { name: 'paracell-cells-2.ts', text: 'let a = 2' }], { name: 'paracell-input.ts', text: 'a.b' })
      project.update([{ name: 'paracell-cells-3.tsx', text: 'let a = 1' }], { name: 'paracell-input.tsx', text: 'a' })
      assert.ok(told.filter(each => each === 'change tsconfig.json').length >= 2)
      assert.ok(!changedTogether(told).includes(1), told.join('\n'))
    })
  }
})
