#!/usr/bin/env node
import module from 'node:module'
import { fileURLToPath } from 'node:url'

// Everything else is loaded when it is needed, and only by a Node that can read it: this file is all that an older one sees.
const main = fileURLToPath(import.meta.url)
const [command, file, ...rest] = process.argv.slice(2)

if (Number.parseInt(process.versions.node, 10) < 24) {
  const { runOnOwnNode } = await import('./commands/own-node.ts')
  runOnOwnNode(main, process.argv.slice(2))
} else {
  module.enableCompileCache()
  if (command === 'kernel' && file && !file.startsWith('-') && rest.length === 0) {
    const { kernel } = await import('./commands/kernel.ts')
    await kernel(file)
  } else {
    const { commandLine } = await import('./commands/command-line.ts')
    await commandLine(main, process.argv)
  }
}
