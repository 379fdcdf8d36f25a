import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { IN_MEMORY } from './file.ts'
import type { HistoryQuery } from './history.ts'
import { type Cell, select } from './queries.ts'

/** Long after the cell has begun, in milliseconds: nobody waits for it then. */
const DELAY = 200
/** Another kernel may write at the same moment, in milliseconds. */
const BUSY_PATIENCE = 500
const BUSY = 5

// IPython's tables, so that what reads its history reads ours.
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS sessions (session INTEGER PRIMARY KEY AUTOINCREMENT, start TIMESTAMP, end TIMESTAMP, num_cmds INTEGER, remark TEXT);
  CREATE TABLE IF NOT EXISTS history (session INTEGER, line INTEGER, source TEXT, source_raw TEXT, PRIMARY KEY (session, line));
  CREATE TABLE IF NOT EXISTS output_history (session INTEGER, line INTEGER, output TEXT, PRIMARY KEY (session, line));
`

interface Pending {
  /** Whose session it is of. */
  readonly shell: object
  readonly line: number
  readonly source: string
}

/** Says where the file is, once that is needed. */
export type Locate = () => string | Promise<string>

/**
 * Keeps what was executed, over sessions, in a file that several kernels may share. A file that can't be used is a line
 * in the log, and memory takes its place.
 *
 * @example await using store = new HistoryStore(() => '/home/me/history.sqlite', console.error)
 */
export class HistoryStore implements AsyncDisposable {
  readonly #log: (line: string) => void
  readonly #sessions = new Map<object, number>()
  #locate: Locate
  #opening: Promise<DatabaseSync> | undefined
  #database: DatabaseSync | undefined
  #pending: Pending[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(locate: Locate, log: (line: string) => void) {
    this.#locate = locate
    this.#log = log
  }

  /** Takes note of a cell; it is written a little later. */
  add(shell: object, line: number, source: string): void {
    this.#pending.push({ shell, line, source })
    this.#writeSoon()
  }

  /** The cells that are asked for, oldest first, and the number of the asking shell's session. */
  async find(shell: object, query: HistoryQuery): Promise<{ readonly own: number; readonly cells: Cell[] }> {
    return this.#attempt(database => {
      this.#write(database)
      const own = this.#sessions.get(shell) ?? nextSession(database)
      return { own, cells: select(database, query, own) }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer)
    if (this.#pending.length > 0) await this.#attempt(database => this.#write(database))
    process.off('exit', this.#writeNow)
    if (this.#database?.isOpen) this.#database.close()
  }

  #writeSoon(): void {
    if (this.#pending.length === 0) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#attempt(database => this.#write(database)).then(() => this.#writeSoon())
    }, DELAY).unref()
  }

  /** Does something with the database, or, when its file can't be used, with one in memory. */
  async #attempt<T>(work: (database: DatabaseSync) => T): Promise<T> {
    try {
      return work(await (this.#opening ??= this.#open()))
    } catch (error) {
      const file = await this.#locate()
      if (file === IN_MEMORY) throw error
      this.#log(`The history in ${file} can't be used, so this kernel remembers only its own: ${(error as Error).message}.`)
      this.#locate = () => IN_MEMORY
      this.#opening = undefined
      this.#sessions.clear()
      return this.#attempt(work)
    }
  }

  async #open(): Promise<DatabaseSync> {
    const database = await open(await this.#locate())
    this.#database = database
    process.off('exit', this.#writeNow).once('exit', this.#writeNow)
    return database
  }

  /** All that waits, or, while another kernel writes, nothing: then it is tried again. */
  #write(database: DatabaseSync): void {
    if (this.#pending.length === 0) return
    try {
      for (const { shell } of this.#pending) if (!this.#sessions.has(shell)) this.#sessions.set(shell, beginSession(database))
      database.exec('BEGIN IMMEDIATE')
    } catch (error) {
      if ((error as { errcode?: number }).errcode === BUSY) return
      throw error
    }
    const insert = database.prepare('INSERT OR REPLACE INTO history (session, line, source, source_raw) VALUES (?, ?, ?, ?)')
    for (const { shell, line, source } of this.#pending) insert.run(this.#sessions.get(shell) as number, line, source, source)
    database.exec('COMMIT')
    this.#pending = []
  }

  /** The last moment to do so. */
  readonly #writeNow = () => {
    if (this.#database) this.#write(this.#database)
  }
}

async function open(file: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import('node:sqlite')
  // What somebody typed is nobody else's business.
  if (file !== IN_MEMORY) await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(file, { timeout: BUSY_PATIENCE })
  database.exec(SCHEMA)
  return database
}

function beginSession(database: DatabaseSync): number {
  return Number(database.prepare("INSERT INTO sessions (start) VALUES (datetime('now', 'localtime'))").run().lastInsertRowid)
}

function nextSession(database: DatabaseSync): number {
  const { last } = database.prepare('SELECT max(session) AS last FROM sessions').get() as { last: number | null }
  return (last ?? 0) + 1
}
