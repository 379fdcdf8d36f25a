import type { MagicSession } from '../magics/magics.ts'
import type { Sink } from '../output/sink.ts'
import { rememberScript } from '../parallel/capture/script-urls.ts'
import type { Modules } from '../runtime/modules.ts'
import type { Evaluator } from './evaluate.ts'
import type { Notebook } from './notebook.ts'
import { currentOwner } from './owner.ts'

export interface MagicParts {
  readonly evaluator: Evaluator
  readonly notebook: Notebook
  readonly modules: Modules
  readonly sink: Sink
  /** The cell's file: what it evaluates first is in this one. */
  readonly file: string
  readonly signal: AbortSignal
  /** What the reply tells the front end to do. */
  readonly payload: unknown[]
  evaluate(code: string, file: string): Promise<unknown>
}

/** What the magics of one cell may do. */
export function magicSession({ evaluator, notebook, modules, sink, file, signal, payload, evaluate }: MagicParts): MagicSession {
  let parts = 0
  // Each has a file of its own: positions are kept by file.
  const nextFile = () => (++parts === 1 ? file : file.replace(/\.ts$/, `.${parts}.ts`))
  const compile = (body: string, wrap: (code: string) => string) => {
    const name = nextFile()
    const code = `(${wrap(notebook.transform(body, name, 'worker').code)}\n)`
    rememberScript(name, code)
    return evaluator.evaluateNow(code)
  }
  return {
    signal,
    loadWorkers: () => modules.import('paracell'),
    evaluate: code => evaluate(code, nextFile()),
    compile: body => compile(body, code => code) as () => Promise<unknown>,
    compileFor: (body, names) => compile(body, code => `({ ${names.join(', ')} }) => ${code}`) as ReturnType<MagicSession['compileFor']>,
    assign: (name, value) => assign(name, value, code => evaluate(code, nextFile())),
    notebook: {
      folder: String(modules.meta['dirname']),
      variables: () => notebook.names().map(name => ({ name, kind: notebook.declaration(name)?.kind ?? 'let', value: evaluator.peek(name)?.value })),
      showHistory: wish => sink.event({ type: 'history', owner: currentOwner(), wish }),
      offer: (text, place) => void payload.push({ source: 'set_next_input', text, replace: place === 'here' })
    }
  }
}

async function assign(name: string, value: unknown, evaluate: (code: string) => Promise<unknown>): Promise<void> {
  const key = Symbol.for('paracell.assigned')
  Object.defineProperty(globalThis, key, { value, configurable: true })
  try {
    await evaluate(`let ${name} = globalThis[Symbol.for('${key.description}')]`)
  } finally {
    Reflect.deleteProperty(globalThis, key)
  }
}
