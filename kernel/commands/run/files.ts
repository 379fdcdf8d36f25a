import { constants } from 'node:fs'
import { access, chmod, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { UsageError } from '../../errors.ts'
import { formatNotebook } from './format.ts'
import type { Notebook } from './notebook.ts'
import { parseNotebook } from './parse.ts'

/** Reads a notebook. Throws UsageError for what isn't there, can't be read or isn't a notebook of this kernel. */
export async function readNotebook(file: string): Promise<Notebook> {
  return parseNotebook(await read(file), file)
}

/** Writes a notebook as a whole or not at all: who reads the file at the same time sees the old one or the new one. */
export async function writeNotebook(file: string, notebook: Notebook): Promise<void> {
  const target = await realpath(file).catch(() => file)
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
  try {
    await writeFile(temporary, formatNotebook(notebook), { flush: true })
    const old = await stat(target).catch(() => undefined)
    if (old) await chmod(temporary, old.mode)
    await rename(temporary, target)
  } catch (cause) {
    await rm(temporary, { force: true })
    throw cannotWrite(file, cause)
  }
}

/** Throws UsageError if a notebook couldn't be written to this file, before there is something to lose. */
export async function assertWritable(file: string): Promise<void> {
  try {
    const old = await stat(file).catch(() => undefined)
    if (old && !old.isFile()) throw new Error('it is not a file')
    await access(dirname(old ? await realpath(file) : file), constants.W_OK)
  } catch (cause) {
    throw cannotWrite(file, cause)
  }
}

function cannotWrite(file: string, cause: unknown): UsageError {
  return new UsageError(`Can't write ${file} (${reason(cause)}): choose another file with -o.`, { cause })
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new UsageError(`Can't read ${file} (${reason(cause)}): give the path of a notebook.`, { cause })
  }
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}
