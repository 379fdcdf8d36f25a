import { globSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { prepareEnvironment } from '../kernel/commands/lab/environment.ts'
import { installed } from './peers.ts'
import { togetherInParacell } from './together/paracell.ts'
import { togetherInPython } from './together/python.ts'
import type { TogetherCells } from './together/together.ts'

export type KernelName = 'paracell' | 'ipykernel' | 'deno' | 'tslab'
export type CellName = 'add' | 'small' | 'line' | 'imports' | 'flood' | 'process' | 'fork' | 'thread' | 'widgets' | 'interact' | 'slow'

/** A kernel to be measured: how it is started, and how it says what is measured. */
export interface KernelSpec {
  readonly name: KernelName
  readonly command: (connectionFile: string) => readonly string[]
  readonly cells: Readonly<Partial<Record<CellName, string>>>
  readonly together?: TogetherCells
}

/** How many lines of 100 bytes the flood prints. */
export const LINES = 200_000
/** How many workers are started, one after the other. */
const WORKERS = 20

const typescript: Readonly<Partial<Record<CellName, string>>> = {
  add: '1+1',
  small: 'function area(radius: number): number {\n  return Math.PI * radius ** 2\n}\narea(2)',
  line: 'console.log("line")',
  imports: [
    "import { execa } from 'execa'", "import { Command } from 'commander'", "import { parse, stringify } from 'yaml'", "import { v4 } from 'uuid'",
    "import * as vscode from 'vscode-languageserver-types'", '[execa, Command, parse, stringify, v4, vscode].length'
  ].join('\n'),
  flood: `for (let i = 0; i < ${LINES}; i++) console.log("x".repeat(99))`
}

const python: Readonly<Partial<Record<CellName, string>>> = {
  add: '1+1',
  small: 'from math import pi\ndef area(radius: float) -> float:\n  return pi * radius ** 2\narea(2)',
  line: 'print("line")',
  imports: 'import json, asyncio\nfrom pathlib import Path\nfrom subprocess import run, PIPE\nfrom collections import *',
  flood: `for i in range(${LINES}): print("x" * 99)`,
  process: timedPython('import multiprocessing, os\nmake = lambda: multiprocessing.get_context("spawn").Process(target=os.getpid)'),
  fork: timedPython('import multiprocessing\nmake = lambda: multiprocessing.get_context("fork").Process(target=lambda: None)'),
  thread: timedPython('import threading\nmake = lambda: threading.Thread(target=lambda: None)'),
  widgets: 'from ipywidgets import interact',
  interact: 'def show(count, half, name, loud): print("shown", count)\ninteract(show, count=5, half=0.5, name="Hello", loud=True)'
}

const typescriptWidgets: Readonly<Partial<Record<CellName, string>>> = {
  widgets: "import { sleep } from 'paracell'\nimport { interact } from 'paracell/widgets'",
  interact: "interact({ count: 5, half: 0.5, name: 'Hello', loud: true }, ({ count }) => console.log('shown', count))",
  slow: "interact({ count: [0, 1000] }, async ({ count }) => { await sleep(200); console.log('shown', count) })"
}

const sources: Readonly<Record<KernelName, () => Promise<KernelSpec>>> = {
  paracell: async () => ({
    name: 'paracell',
    command: file => [process.execPath, resolve('dist', 'main.js'), 'kernel', file],
    cells: { ...typescript, ...typescriptWidgets, process: timedTypeScript('Process'), thread: timedTypeScript('Thread') },
    together: togetherInParacell
  }),
  ipykernel: async () => {
    const executable = await prepareEnvironment(resolve('.venv'), ['jupyterlab>=4.2,<5'])
    return { name: 'ipykernel', command: file => [executable, '-m', 'ipykernel_launcher', '-f', file], cells: python, together: togetherInPython }
  },
  deno: async () => {
    const [executable = ''] = globSync(join(await installed('deno'), '..', '@deno', '*', 'deno{,.exe}'))
    return { name: 'deno', command: file => [executable, 'jupyter', '--kernel', '--conn', file], cells: typescript }
  },
  tslab: async () => {
    const main = join(await installed('tslab'), 'bin', 'tslab')
    return { name: 'tslab', command: file => [process.execPath, main, 'kernel', `--config-path=${file}`], cells: typescript }
  }
}

/** The kernels that can be had here, ours first; the others are named on stderr. */
export async function availableKernels(): Promise<KernelSpec[]> {
  const found: KernelSpec[] = []
  for (const [name, load] of Object.entries(sources)) {
    try {
      found.push(await load())
    } catch (error) {
      console.error(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return found
}

/** Prints the milliseconds that starting and joining one worker took, in the mean. */
function timedTypeScript(worker: string): string {
  return [
    `import { ${worker} } from 'paracell'`,
    'function nothing() {}',
    'const begin = performance.now()',
    `for (let i = 0; i < ${WORKERS}; i++) {`,
    `  const worker = new ${worker}({ target: nothing })`,
    '  worker.start()',
    '  await worker.join()',
    '}',
    `console.log((performance.now() - begin) / ${WORKERS})`
  ].join('\n')
}

function timedPython(make: string): string {
  return [
    'import time',
    make,
    'begin = time.perf_counter()',
    `for i in range(${WORKERS}):`,
    '  worker = make()',
    '  worker.start()',
    '  worker.join()',
    `print((time.perf_counter() - begin) * 1000 / ${WORKERS})`
  ].join('\n')
}
