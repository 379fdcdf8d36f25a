import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import manifest from '../../package.json' with { type: 'json' }
import { paracell } from '../support/command.ts'

interface Call {
  readonly args: readonly string[]
  readonly exitCode: number
  readonly stdout?: RegExp
  readonly stderr?: RegExp
}

const NOTHING = /^$/

const calls: readonly Call[] = [
  { args: ['--version'], exitCode: 0, stdout: new RegExp(`^${manifest.version}$`) },
  { args: ['--help'], exitCode: 0, stdout: /Usage: paracell/ },
  { args: ['install', '--help'], exitCode: 0, stdout: /--prefix <dir>/ },
  { args: [], exitCode: 2, stderr: /Usage: paracell/ },
  { args: ['frobnicate'], exitCode: 2, stderr: /unknown command 'frobnicate'\nTry: paracell --help/ },
  { args: ['install', '--global'], exitCode: 2, stderr: /unknown option '--global'/ },
  { args: ['install', '--prefix', '/dev/null'], exitCode: 2, stderr: /^paracell: Can't write .*\/dev\/null.*--prefix DIR\.$/ },
  { args: ['kernel'], exitCode: 2, stderr: /missing required argument 'connection-file'/ },
  { args: ['kernel', '/nowhere/connection.json'], exitCode: 2, stderr: /^paracell: .*\/nowhere\/connection\.json.*$/ },
  { args: ['lab', '/nowhere'], exitCode: 2, stderr: /^paracell: \/nowhere is not a folder: .*$/ },
]

describe('the command line', { concurrency: 2 }, () => {
  for (const { args, exitCode, stdout = NOTHING, stderr = NOTHING } of calls) {
    test(`paracell ${args.join(' ')}`, async () => {
      const ended = await paracell(args)
      assert.match(ended.stdout, stdout)
      assert.match(ended.stderr, stderr)
      assert.equal(ended.exitCode, exitCode)
    })
  }
})
