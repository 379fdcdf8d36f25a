import type { Plugin } from 'rolldown'
import { INDEX_FILE, Language } from '../kernel/typings/language.ts'

/** Writes down which of TypeScript's files declare the language's globals, for those who look for one of them. */
export function languageIndex(): Plugin {
  return {
    name: 'language-index',
    async generateBundle() {
      const language = await Language.installed()
      this.emitFile({ type: 'asset', fileName: INDEX_FILE, source: JSON.stringify(language.index()) })
    },
  }
}
