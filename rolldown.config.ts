import { globSync } from 'node:fs'
import { defineConfig } from 'rolldown'
import manifest from './package.json' with { type: 'json' }
import { licences } from './tools/licences.ts'

// What other processes and threads start (`…entry.ts`), what cells import, and the one who says where those files are:
// each keeps its own path, so that `import.meta.url` means the same in kernel/ and in dist/.
const sources = ['kernel/main.ts', 'kernel/api.ts', ...globSync(['kernel/**/*entry.ts', 'kernel/**/entry-file.ts'])]

export default defineConfig({
  input: Object.fromEntries(sources.map((path) => [path.replace(/^kernel\//, '').replace(/\.ts$/, ''), path])),
  platform: 'node',
  tsconfig: false,
  // jmp brings an old uuid's `uuid/v4` of its own, which no dependency of ours has; it tries to load `debug` and does without.
  external: [...Object.keys(manifest.dependencies), /^@oxc-project\/runtime\//, 'debug'],
  output: {
    dir: 'dist',
    cleanDir: true,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    comments: { legal: true, annotation: true, jsdoc: false },
  },
  plugins: [licences("LICENCES.txt")],
})
