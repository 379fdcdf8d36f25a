import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { parseSync } from 'oxc-parser'

/** What everybody may use: it uses nothing of the project but itself. */
const GROUND = ['errors.ts', 'entry-file.ts', 'random.ts', 'keep-newest.ts', 'channel', 'session/protocol.ts', 'session/session.ts', 'session/owner.ts']

/** The one way through: who may import from whom. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['commands'],
  'commands': ['dispatch', 'session', 'wire', 'machine', 'comms'],
  'machine': ['parallel', 'cluster'],
  'dispatch': ['types', 'wire', 'comms'],
  'types': ['magics', 'typings', 'language'],
  'wire': [],
  'session': ['api.ts', 'widgets.ts', 'comms', 'magics', 'parallel', 'runtime', 'typings', 'language', 'display', 'output'],
  'magics': ['widgets', 'parallel', 'language', 'display', 'output'],
  'api.ts': ['magics', 'parallel', 'display'],
  'parallel': ['api.ts', 'cluster', 'runtime', 'language', 'display', 'output'],
  'cluster': [],
  'widgets.ts': ['widgets'],
  'widgets': ['comms', 'parallel', 'display'],
  'comms': ['output'],
  'runtime': ['language'],
  'typings': ['language'],
  'language': [],
  'display': ['output'],
  'output': [],
}

const kernel = join(import.meta.dirname, '..', '..', 'kernel')
const files = globSync('**/*.ts', { cwd: kernel })

describe('imports go one way', () => {
  for (const from of Object.keys(ARROWS)) {
    test(from, () => {
      const wrong = filesOf(from).flatMap((file) => importsOf(file).filter((to) => !isAllowed(from, to)).map((to) => `${file} → ${to}`))
      assert.deepEqual(wrong, [])
    })
  }

  test('the ground uses only itself', () => {
    const wrong = GROUND.flatMap(filesOf).flatMap((file) => importsOf(file).filter((to) => !isIn(GROUND, to)).map((to) => `${file} → ${to}`))
    assert.deepEqual(wrong, [])
  })

  test('a kernel starts its session before it loads anything else', () => {
    assert.deepEqual(closureOf('commands/kernel.ts'), ['commands/kernel.ts', 'entry-file.ts', 'session/descriptors.ts', 'session/process.ts'])
  })

  test('what a cluster takes is loaded with the first one', () => {
    for (const entry of ['api.ts', 'session/entry.ts', 'session/supervisor-entry.ts', 'parallel/hub/hub.ts', 'parallel/worker/process-entry.ts', 'commands/command-line.ts']) {
      assert.deepEqual(closureOf(entry).filter((file) => /^(bullmq|ioredis)$|^machine/.test(file)), [], entry)
    }
  })

  test('every file has its place in the table', () => {
    assert.deepEqual(files.filter((file) => !isIn([...GROUND, ...Object.keys(ARROWS)], file)), [])
  })
})

function filesOf(place: string): string[] {
  const grounded = GROUND.includes(place)
  return files.filter((file) => isIn([place], file) && (grounded || !isIn(GROUND, file)))
}

function isAllowed(from: string, to: string): boolean {
  return isIn([from, ...GROUND, ...(ARROWS[from] ?? [])], to)
}

function isIn(places: readonly string[], file: string): boolean {
  return places.some((place) => file === place || file.startsWith(`${place}/`))
}

/** What is loaded with a file: packages and the project's own files, itself included; of Node's modules nothing. */
function closureOf(file: string): string[] {
  const closure = new Set([file])
  for (const each of closure) {
    if (!each.endsWith('.ts')) continue
    const values = readModule(each).staticImports.filter(({ entries }) => entries.some(({ isType }) => !isType))
    const requests = values.map(({ moduleRequest }) => moduleRequest.value).filter((request) => !request.startsWith('node:'))
    for (const request of requests) closure.add(request.startsWith('.') ? join(dirname(each), request) : request)
  }
  return [...closure].sort()
}

/** The project's own files that a file imports, by their paths in kernel/. */
function importsOf(file: string): string[] {
  const { text, staticImports, staticExports, dynamicImports } = readModule(file)
  const requests = [
    ...staticImports.map((each) => each.moduleRequest.value),
    ...staticExports.flatMap(({ entries }) => entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
    ...dynamicImports.map(({ moduleRequest }) => text.slice(moduleRequest.start + 1, moduleRequest.end - 1)),
  ]
  const own = requests.filter((request) => request.startsWith('.')).map((request) => join(dirname(file), request))
  return own.filter((path) => !path.startsWith('..'))
}

function readModule(file: string) {
  const text = readFileSync(join(kernel, file), 'utf8')
  const { staticImports, staticExports, dynamicImports } = parseSync(file, text).module
  return { text, staticImports, staticExports, dynamicImports }
}
