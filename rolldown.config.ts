import { globSync } from 'node:fs'
import { defineConfig } from 'rolldown'
import manifest from './package.json' with { type: 'json' }
import { licences } from './tools/licences.ts'

// What is started as a command, a process or a thread (`…entry.ts`), and what cells import: each keeps its own path.
const sources = ['kernel/main.ts', 'kernel/api.ts', 'kernel/widgets.ts', ...globSync('kernel/**/*entry.ts')]

// jmp's sockets override methods that zeromq 6 made read-only, which in a module is an error; only its messages are used.
const jmpWithoutSockets = {
  name: 'jmp-without-sockets',
  transform: {
    filter: { id: /\/node_modules\/jmp\/index\.js$/ },
    handler: (code: string) => code.replace('Object.create(zmq.Socket.prototype)', '{}'),
  },
}

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
  plugins: [jmpWithoutSockets, licences('LICENCES.txt')],
})
