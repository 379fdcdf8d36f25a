import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from 'rolldown'
import manifest from './package.json' with { type: 'json' }
import { builtinModules } from './tools/builtin-modules.ts'
import { languageIndex } from './tools/language-index.ts'
import { licences } from './tools/licences.ts'
import { plainAscii } from './tools/plain-ascii.ts'

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

// Each file that is loaded takes a millisecond. What a worker loads is one for each set of starts that load it too, so
// that no start has more to load than before.
const starts = [
  'kernel/main.ts', 'kernel/session/entry.ts', 'kernel/session/start.ts', 'kernel/session/supervisor-entry.ts',
  'kernel/parallel/hub/hub.ts', 'kernel/parallel/worker/thread-entry.ts',
]
const worker = 'kernel/parallel/worker/process-entry.ts'

type ModuleGraph = { getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null }

let loaded: readonly ReadonlySet<string>[] | undefined

// What the first help takes, which somebody waits for: one file, without what is there already, or is loaded where nobody needs the rest.
const help = 'kernel/session/inspections.ts'
const others = [...starts, 'kernel/dispatch/serve.ts']

let helping: readonly ReadonlySet<string>[] | undefined

function isHelp(id: string, graph: ModuleGraph): boolean {
  const [byHelp, ...byOthers] = (helping ??= [help, ...others].map((path) => loadedBy(path, graph)))
  return byHelp?.has(id) === true && !byOthers.some((ids) => ids.has(id))
}

function groupOf(id: string, graph: ModuleGraph): string | null {
  const [byWorker, ...byStarts] = (loaded ??= [worker, ...starts].map((path) => loadedBy(path, graph)))
  return byWorker?.has(id) ? ['worker', ...byStarts.map((ids) => Number(ids.has(id)))].join('') : isHelp(id, graph) ? 'first-help' : null
}

function loadedBy(path: string, graph: ModuleGraph): ReadonlySet<string> {
  const ids = new Set([resolve(path)])
  for (const id of ids) for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) ids.add(imported)
  return ids
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
    codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: groupOf }] },
    comments: { legal: true, annotation: true, jsdoc: false },
  },
  plugins: [jmpWithoutSockets, builtinModules(), plainAscii(), licences('LICENCES.txt'), languageIndex()],
})
