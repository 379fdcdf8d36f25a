import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { allGone, markOf } from '../kernel/processes.ts'
import { paracell } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { cellsIn, notebookOf, shownIn, writeNotebookOf } from './run/small-notebook.ts'

const main = join(import.meta.dirname, '..', '..', 'kernel', 'main.ts')
const PARAMETERS = { source: "const name: string = 'you'\nconst count: number = 1\nlet other", tags: ['parameters'] }

describe('paracell run refuses, with exit code 2 and the file as it was', { concurrency: 2 }, () => {
  const python = { metadata: { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } } }
  const cases: readonly { name: string; content: string; args?: readonly string[]; stderr: RegExp }[] = [
    { name: 'what is not JSON', content: 'hello', stderr: /n\.ipynb is not a notebook: it is not JSON/ },
    { name: 'what is not a notebook', content: '{"a": 1}', stderr: /n\.ipynb is not a notebook: it has no nbformat/ },
    { name: 'a list', content: '[]', stderr: /n\.ipynb is not a notebook: it is not a JSON object/ },
    { name: 'a strange cell', content: notebookOf([], { cells: [{}] }), stderr: /its cell 1 is no code, markdown or raw cell/ },
    { name: 'an old format', content: '{"nbformat": 3, "worksheets": []}', stderr: /of format 3, and only 4 .*JupyterLab/ },
    { name: 'another kernel', content: notebookOf(['1'], python), stderr: /is for another kernel, python3 \(python\)/ },
    { name: 'an unknown parameter', content: notebookOf([PARAMETERS]), args: ['-p', 'nmae=me'], stderr: /-p nmae=me: .*It has: name, count, other\./ },
    { name: 'one of several values of another type', content: notebookOf([PARAMETERS]), args: ['-p', 'count=1,many'], stderr: /-p count=1,many: the notebook wants a number, and many does not fit\./ },
    { name: 'a value twice', content: notebookOf([PARAMETERS]), args: ['-p', 'count=1,1'], stderr: /-p count=1,1: 1 is there twice/ },
    { name: 'a missing value', content: notebookOf([PARAMETERS]), args: ['-p', 'count=1,'], stderr: /-p count=1,: a value is missing beside a comma/ },
    { name: 'several runs with one file', content: notebookOf([PARAMETERS]), args: ['-p', 'count=1,2', '-p', 'name=x', '-o', '{name}.ipynb'], stderr: /Both count=1 and count=2 would be written to x\.ipynb/ },
    { name: 'a run that would replace its notebook', content: notebookOf([PARAMETERS]), args: ['-p', 'name=n,m', '-o', 'FOLDER/{name}.ipynb'], stderr: /Both the notebook itself and name=n would be written/ },
    { name: 'a file named by what is not given', content: notebookOf([PARAMETERS]), args: ['-p', 'count=1,2', '-o', '{name}.ipynb'], stderr: /nothing is given for \{name\}\. There is: \{run\}, \{count\}/ },
    { name: 'no run at a time', content: notebookOf(['1']), args: ['-j', '0'], stderr: /--jobs 0: .*runs at a time/ },
    { name: 'a parameter without a value', content: notebookOf([PARAMETERS]), args: ['-p', 'name'], stderr: /-p name: write NAME=VALUE/ },
    { name: 'a parameter of another type', content: notebookOf([PARAMETERS]), args: ['-p', 'count=many'], stderr: /-p count=many: .*a number/ },
    { name: 'a file of parameters that is not there', content: notebookOf([PARAMETERS]), args: ['-f', '/nowhere.yaml'], stderr: /\/nowhere\.yaml can't be read: ENOENT/ },
    { name: 'a file of parameters that is something else', content: notebookOf([PARAMETERS]), args: ['-f', '/dev/null'], stderr: /\/dev\/null has no parameters: write names and values/ },
    { name: 'a folder that is not there', content: notebookOf(['1']), args: ['-o', '/nowhere/out.ipynb'], stderr: /Can't write \/nowhere\/out\.ipynb \(ENOENT\).*-o/ },
    { name: 'a folder as the file', content: notebookOf(['1']), args: ['-o', '/'], stderr: /Can't write \/ \(it is not a file\)/ },
    { name: 'a strange timeout', content: notebookOf(['1']), args: ['--timeout', '1s'], stderr: /--timeout 1s: .*milliseconds/ },
  ]
  for (const { name, content, args = [], stderr } of cases) {
    test(name, async () => {
      await using folder = await temporaryFolder()
      const file = join(folder.path, 'n.ipynb')
      await writeFile(file, content)
      const ended = await paracell(['run', file, ...args.map(arg => arg.replace('FOLDER', folder.path))])
      assert.match(ended.stderr, stderr)
      assert.deepEqual([ended.exitCode, ended.stdout, ended.stderr.split('\n').length], [2, '', 1])
      assert.equal(await readFile(file, 'utf8'), content)
      assert.deepEqual(await readdir(folder.path), ['n.ipynb'])
    })
  }

  test('a file that is not there', async () => {
    const { exitCode, stderr } = await paracell(['run', '/nowhere/n.ipynb'])
    assert.deepEqual([exitCode, stderr], [2, "paracell: Can't read /nowhere/n.ipynb (ENOENT): give the path of a notebook."])
  })
})

describe('paracell run', { concurrency: 2 }, () => {
  test('writes what cells show into the notebook, and works in its folder', async () => {
    await using folder = await temporaryFolder()
    const [file, link] = [join(folder.path, 'n.ipynb'), join(folder.path, 'link.ipynb')]
    await writeNotebookOf(file, 'for (const i of [1, 2]) console.log(i)\nconsole.error(3)', '', 'process.cwd()', '({ a: 1 })')
    await chmod(file, 0o640)
    await symlink(file, link)
    const { exitCode, stdout, stderr } = await paracell(['run', link])

    assert.deepEqual([exitCode, stdout], [0, ''])
    assert.match(stderr, /^\[1\/3\] for \(const i of \[1, 2\]\) console\.log\(i\) … \d+\.\d s\n\[2\/3\] process\.cwd\(\) … .*\n\[3\/3\] .*s$/)
    assert.deepEqual(await shownIn(file), ['stdout: 1\n2\n | stderr: 3\n', '', `'${folder.path}'`, '{ a: 1 }'])
    assert.deepEqual((await cellsIn(file)).map(({ execution_count }) => execution_count), [1, null, 2, 3])
    assert.equal((await stat(file)).mode & 0o777, 0o640)
    assert.deepEqual(await readdir(folder.path), ['link.ipynb', 'n.ipynb'])
  })

  test('saves the widgets with the notebook', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'n.ipynb')
    await writeNotebookOf(file, "import { Image, IntSlider, Output } from 'paracell/widgets'\nconst slider = new IntSlider({ value: 5 })\nslider.value = 6\nslider", "const image = new Image({ value: Uint8Array.of(1, 2) })\nnew Output().print('shown')")
    const { exitCode, stderr } = await paracell(['run', file])
    assert.equal(exitCode, 0, stderr)
    const { metadata } = JSON.parse(await readFile(file, 'utf8')) as { metadata: { widgets: Record<string, { state: Record<string, { model_name: string; state: Record<string, unknown>; buffers?: unknown }> }> } }
    const states = Object.values(metadata.widgets['application/vnd.jupyter.widget-state+json']?.state ?? {})
    const named = (name: string) => states.find(({ model_name }) => model_name === name)
    assert.equal(named('IntSliderModel')?.state['value'], 6)
    assert.deepEqual(named('ImageModel')?.buffers, [{ encoding: 'base64', path: ['value'], data: 'AQI=' }])
    assert.deepEqual(named('OutputModel')?.state['outputs'], [{ output_type: 'stream', name: 'stdout', text: 'shown' }])
  })

  describe('waits for what controls have begun when the last cell is over', () => {
    const notebookWith = async (file: string, work: string, after = '') =>
      writeNotebookOf(file, "import { sleep, Process } from 'paracell'\nimport { interact } from 'paracell/widgets'", `interact({ count: [1, 9] }, async ({ count }) => { ${work} })`, ...(after ? [after] : []))

    async function shownUnderControls(file: string): Promise<string> {
      const { metadata } = JSON.parse(await readFile(file, 'utf8')) as { metadata: { widgets: Record<string, { state: Record<string, { model_name: string; state: Record<string, unknown> }> }> } }
      const states = Object.values(metadata.widgets['application/vnd.jupyter.widget-state+json']?.state ?? {})
      return JSON.stringify(states.filter(({ model_name }) => model_name === 'OutputModel').map(({ state }) => state['outputs']))
    }

    for (const [name, work, after, shown] of [
      ['prints and returns', "await sleep(700); console.log('after a while'); return { count }", '', /after a while.*\{ count: 5 \}/],
      ['fails', "await sleep(300); throw new RangeError('too late')", '', /too late/],
      ['uses a process', "const child = new Process({ target: async () => { await sleep(300); console.log('in a process') } }); child.start(); await child.join()", '1 + 1', /in a process/],
    ] as const) {
      test(name, async () => {
        await using folder = await temporaryFolder()
        const file = join(folder.path, 'n.ipynb')
        await notebookWith(file, work, after)
        const { exitCode, stderr } = await paracell(['run', file])
        assert.equal(exitCode, 0, stderr)
        assert.match(await shownUnderControls(file), shown)
      })
    }

    test('but no longer than a cell may take', async () => {
      await using folder = await temporaryFolder()
      const file = join(folder.path, 'n.ipynb')
      await notebookWith(file, "console.log('begun'); await sleep(600_000)")
      const { exitCode, stderr } = await paracell(['run', file, '--timeout', '6000'])
      assert.equal(exitCode, 1)
      assert.match(stderr, /controls run took longer than the timeout of 6000 ms and was interrupted/)
      assert.match(await shownUnderControls(file), /begun.*The run was interrupted/)
    })
  })

  test('with -o and --verbose leaves the notebook alone and prints what cells print', async () => {
    await using folder = await temporaryFolder()
    const [file, out] = [join(folder.path, 'n.ipynb'), join(folder.path, 'out.ipynb')]
    await writeNotebookOf(file, "console.log('hello')")
    const { exitCode, stdout } = await paracell(['run', file, '-o', out, '--verbose'])
    assert.deepEqual([exitCode, stdout, await shownIn(out)], [0, 'hello', ['stdout: hello\n']])
    assert.deepEqual(await shownIn(file), ['stdout: from before'])
  })

  test('gives parameters by a cell of its own, and another one the next time', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'n.ipynb')
    await writeNotebookOf(file, '0', PARAMETERS, '[name, count, other]')
    const runs = [
      { args: ['-p', 'name=007', '-p', 'count=3', '-p', 'other={"a": [1]}'], shown: "[ '007', 3, { a: [ 1 ] } ]" },
      { args: ['-p', 'name=a "b" = c'], shown: `[ 'a "b" = c', 1, undefined ]` },
    ]
    for (const { args, shown } of runs) {
      assert.equal((await paracell(['run', file, ...args])).exitCode, 0)
      assert.deepEqual((await cellsIn(file)).map(({ metadata }) => metadata.tags), [undefined, ['parameters'], ['injected-parameters'], undefined])
      assert.deepEqual(await shownIn(file), ['0', '', '', shown])
    }
  })

  for (const [name, content] of [['p.yaml', 'name: Ada\ncount: 2\nother: [1, two]\n'], ['p.json', '{ "name": "Ada", "count": 2, "other": [1, "two"] }']] as const) {
    test(`takes parameters from ${name}, and those of the command line before them`, async () => {
      await using folder = await temporaryFolder()
      const [file, parameters] = [join(folder.path, 'n.ipynb'), join(folder.path, name)]
      await writeNotebookOf(file, PARAMETERS, '[name, count, other]')
      await writeFile(parameters, content)
      const { exitCode, stderr } = await paracell(['run', file, '-f', parameters, '-p', 'count=5'])
      assert.equal(exitCode, 0, stderr)
      assert.deepEqual(await shownIn(file), ['', '', "[ 'Ada', 5, [ 1, 'two' ] ]"])
    })
  }

  test('runs every combination of several values, a notebook each; one that fails keeps no other from running', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'n.ipynb')
    await writeNotebookOf(file, PARAMETERS, "if (count === 2 && name === 'a') throw new RangeError('no')\nname.repeat(count)")
    const before = await readFile(file, 'utf8')
    const { exitCode, stderr } = await paracell(['run', file, '-p', 'count=1,2', '-p', 'name=a,b', '-j', '3'])
    assert.equal(exitCode, 1)
    assert.match(stderr, /^count=2 name=a: RangeError: no$/m)
    assert.match(stderr, /^count=1 name=b: done after .* → .*n-count=1-name=b\.ipynb$/m)
    assert.match(stderr, /\n4 runs, 1 failed: count=2 name=a\.$/)
    const written = ['n-count=1-name=a', 'n-count=1-name=b', 'n-count=2-name=a', 'n-count=2-name=b'].map(name => `${name}.ipynb`)
    assert.deepEqual((await readdir(folder.path)).toSorted(), [...written, 'n.ipynb'])
    const shown = await Promise.all(written.map(name => shownIn(join(folder.path, name))))
    assert.deepEqual(shown.map(cells => cells.at(-1)), ["'a'", "'b'", 'RangeError: no', "'bb'"])
    assert.equal(await readFile(file, 'utf8'), before)
  })

  test('runs a list of parameters, into files that are named by their values', async () => {
    await using folder = await temporaryFolder()
    const [file, sets] = [join(folder.path, 'n.ipynb'), join(folder.path, 'sets.yaml')]
    await writeNotebookOf(file, PARAMETERS, '[name, count, other]')
    await writeFile(sets, '- { name: "a, b", other: [1, 2] }\n- { name: c, count: [2, 3] }\n')
    const { exitCode, stdout, stderr } = await paracell(['run', file, '-f', sets, '-o', join(folder.path, '{run} {name}.ipynb')])
    assert.equal(exitCode, 0, stdout + stderr)
    const shown = await Promise.all(['1 a,_b', '2 c', '3 c'].map(async name => (await shownIn(join(folder.path, `${name}.ipynb`))).at(-1)))
    assert.deepEqual(shown, ["[ 'a, b', 1, [ 1, 2 ] ]", "[ 'c', 2, undefined ]", "[ 'c', 3, undefined ]"])
  })

  test('at SIGINT begins no other run, and leaves nobody behind', async () => {
    await using folder = await temporaryFolder()
    const [file, mark] = [join(folder.path, 'n.ipynb'), randomUUID()]
    await writeNotebookOf(file, PARAMETERS, "console.log('ready')\nawait new Promise(() => {})")
    const child = spawn(process.execPath, [main, 'run', file, '-p', 'count=1,2,3', '-j', '1', '--verbose'], { env: { ...process.env, ...markOf(mark) }, stdio: ['ignore', 'pipe', 'ignore'] })
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    assert.deepEqual(await once(child, 'exit'), [130, null])
    assert.deepEqual((await readdir(folder.path)).toSorted(), ['n-count=1.ipynb', 'n.ipynb'])
    await allGone(mark)
  })

  test('says which parameters there are', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'n.ipynb')
    await writeNotebookOf(file, PARAMETERS)
    const { stdout, exitCode } = await paracell(['run', '--help-notebook', file])
    assert.deepEqual([exitCode, stdout.split('\n')], [0, ['Parameters, as in -p NAME=VALUE:', "  name   string (default: 'you')", '  count  number (default: 1)', '  other  any']])
  })

  test('ends at the first error, but for one that is expected', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'n.ipynb')
    await writeNotebookOf(file, { source: "throw new Error('expected')", tags: ['raises-exception'] }, "console.log('before')\nthrow new TypeError('not this')", '1')
    const { exitCode, stderr } = await paracell(['run', file])
    assert.equal(exitCode, 1)
    assert.match(stderr, /\nTypeError: not this\n +at .*:2:7/)
    assert.doesNotMatch(stderr, /\[3\/3\]/)
    assert.deepEqual(await shownIn(file), ['Error: expected', 'stdout: before\n | TypeError: not this', ''])
  })

  test('interrupts a cell that takes too long', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'n.ipynb')
    await writeNotebookOf(file, 'while (true) {}', '1')
    const { exitCode, stderr } = await paracell(['run', file, '--timeout', '300'])
    assert.match(stderr, /\nThe cell took longer than the timeout of 300 ms and was interrupted\.$/)
    assert.equal(exitCode, 1)
    // The error tells of the interrupt or, when the cell had not even begun, of the session that was still starting.
    const [first, second] = await shownIn(file)
    assert.match(first ?? '', /^\w+: ./)
    assert.equal(second, '')
  })

  test('writes what there is when the kernel is gone', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'n.ipynb')
    await writeNotebookOf(file, "console.log('before')", "process.kill(process.ppid, 'SIGKILL')\nwhile (true) {}", '1')
    const { exitCode, stderr } = await paracell(['run', file])
    assert.match(stderr, /\nThe kernel ended by itself \(SIGKILL\)\.$/)
    assert.equal(exitCode, 1)
    assert.deepEqual(await shownIn(file), ['stdout: before\n', '', ''])
  })

  for (const { signal, code } of [{ signal: 'SIGINT', code: 130 }, { signal: 'SIGTERM', code: 143 }] as const) {
    test(`at ${signal} interrupts, writes what there is, and leaves nobody behind`, async () => {
      await using folder = await temporaryFolder()
      const [file, mark] = [join(folder.path, 'n.ipynb'), randomUUID()]
      await writeNotebookOf(file, "console.log('ready')\nawait new Promise(() => {})", '1')
      const env = { ...process.env, ...markOf(mark) }
      const child = spawn(process.execPath, [main, 'run', file, '--verbose'], { env, stdio: ['ignore', 'pipe', 'ignore'] })
      await once(child.stdout, 'data')
      child.kill(signal)
      assert.deepEqual(await once(child, 'exit'), [code, null])
      assert.match((await shownIn(file)).join('\n'), /^stdout: ready\n \| .+\n$/)
      await allGone(mark)
    })
  }

  test('killed itself, leaves no kernel behind and the file as it was', async () => {
    await using folder = await temporaryFolder()
    const [file, mark] = [join(folder.path, 'n.ipynb'), randomUUID()]
    await writeNotebookOf(file, "console.log('ready')\nwhile (true) {}")
    const env = { ...process.env, ...markOf(mark), TMPDIR: join(folder.path, 'tmp') }
    await mkdir(env.TMPDIR)
    const child = spawn(process.execPath, [main, 'run', file, '--verbose'], { env, stdio: ['ignore', 'pipe', 'ignore'] })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    await allGone(mark)
    assert.deepEqual(await shownIn(file), ['stdout: from before'])
  })
})
