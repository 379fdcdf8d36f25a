import { type ChildProcess, spawn } from 'node:child_process'
import os from 'node:os'
import { pathToFileURL } from 'node:url'
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node'
import { typescriptProgram } from '../typings/places.ts'

/** Milliseconds that a server has to end by itself. */
const PATIENCE = 500
/** Percent that the memory may grow by until it is collected: the server is written in Go, which would let it double. */
const GOGC = '50'

/** TypeScript's own language server, as a process that ends with this one, however this one goes. */
export class LanguageServer implements AsyncDisposable {
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<void>
  readonly #process: ChildProcess
  readonly #connection: MessageConnection
  readonly #failed = Promise.withResolvers<never>()

  private constructor(child: ChildProcess, connection: MessageConnection) {
    this.#process = child
    this.#connection = connection
    this.#failed.promise.catch(() => undefined)
    const { promise, resolve } = Promise.withResolvers<void>()
    child.once('error', error => this.#end(error.message, resolve))
    child.once('exit', (code, signal) => this.#end(`it ended with ${signal ?? `exit code ${code}`}`, resolve))
    this.ended = promise
  }

  /** Starts a server for the files of a folder. Rejects when there is none for this system, or it ends at once. */
  static async start(folder: string): Promise<LanguageServer> {
    // A group of its own: a terminal's Ctrl-C is not for it. It ends when its input does.
    const env = { GOGC, ...process.env }
    const child = spawn(await typescriptProgram(), ['--lsp', '--stdio'], { cwd: folder, env, stdio: ['pipe', 'pipe', 'ignore'], detached: true })
    // The user's code goes first.
    if (child.pid !== undefined) os.setPriority(child.pid, os.constants.priority.PRIORITY_BELOW_NORMAL)
    child.stdin.on('error', () => undefined)
    const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin))
    const server = new LanguageServer(child, connection)
    connection.onError(() => undefined)
    connection.onRequest((method, params) => (method === 'workspace/configuration' ? configuration(params) : null))
    connection.listen()
    await server.request('initialize', { processId: process.pid, rootUri: pathToFileURL(folder).href, capabilities, initializationOptions })
    server.notify('initialized', {})
    return server
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  /** Rejects when the server ends before it answers. */
  async request<T>(method: string, params: object): Promise<T> {
    return Promise.race([this.#connection.sendRequest<T>(method, params), this.#failed.promise])
  }

  notify(method: string, params: object): void {
    this.#connection.sendNotification(method, params).catch(() => undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.stdin?.end()
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), PATIENCE)
    await this.ended
    clearTimeout(timer)
  }

  #end(reason: string, resolve: () => void): void {
    this.#failed.reject(new Error(`TypeScript's language server is gone: ${reason}`))
    this.#connection.dispose()
    resolve()
  }
}

const capabilities = {
  workspace: { configuration: true },
  textDocument: {
    completion: { completionItem: { snippetSupport: false, labelDetailsSupport: true, documentationFormat: ['markdown'] } },
    definition: { linkSupport: true },
    diagnostic: {},
    hover: { contentFormat: ['markdown'] },
    signatureHelp: { signatureInformation: { documentationFormat: ['markdown'], parameterInformation: { labelOffsetSupport: true }, activeParameterSupport: true } }
  }
}

/** What a front end couldn't add to the notebook, such as an import at its top, must not be offered. */
const preferences = { suggest: { autoImports: false, completeFunctionCalls: false } }

/** Until it has asked for the preferences, it would read all that the folder's package.json names, to offer imports of that. */
const initializationOptions = { disablePushDiagnostics: true, userPreferences: preferences }

function configuration(params: unknown): unknown[] {
  const { items } = params as { items: readonly unknown[] }
  return items.map(() => preferences)
}
