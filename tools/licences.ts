import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'rolldown'

/** Writes the licences of the packages that the bundle contains into a file beside it: they ask for that. */
export function licences(fileName: string): Plugin {
  return {
    name: 'licences',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []))
      const folders = [...new Set(modules.flatMap(packageFolder))].toSorted()
      this.emitFile({ type: 'asset', fileName, source: folders.map(licence).join('\n\n') })
    },
  }
}

function packageFolder(module: string): string[] {
  const match = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module.replaceAll('\\', '/'))
  return match ? [match[0]] : []
}

function licence(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : ''
  return `${name} ${version}, ${license}\n\n${text}`
}
