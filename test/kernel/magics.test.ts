import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { streamText } from '../support/jupyter-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { gone } from './processes.ts'
import { errorOf, ran, type RunningKernel, startKernel, valueOf } from './running-kernel.ts'

interface Story {
  readonly story: string
  /** All but the last prepare. */
  readonly cells: readonly string[]
  readonly stdout?: RegExp
  readonly value?: RegExp
}

const stories: readonly Story[] = [
  { story: '%time runs a line', cells: ['%time await Promise.resolve(5)'], stdout: /^took \d.* (µs|ms), CPU \d.* (µs|ms)\n$/, value: /^5$/ },
  { story: '%%time runs a cell, whose names are the notebook\'s', cells: ['%%time\nlet timed = 6', 'timed'], value: /^6$/ },
  { story: '%%time tells of a cell in processes', cells: ['%%time\n%%process -n 2\nrank'], stdout: /^took /, value: /^\[ 0, 1 \]$/ },
  { story: '%who lists what is declared', cells: ['const listed = { a: [1] }; let other = 2; function fn() {}; class Cls {}', '%who listed other fn Cl*'], value: /^name +kind +value\nlisted +const +\{ a: \[ 1 \] \}\nother +let +2\nfn +function +\[Function: fn\]\nCls +class +\[class Cls\]$/ },
  { story: '%who says when there is nothing', cells: ['%who nothing*'], stdout: /^Nothing is called nothing\*\.\n$/ },
  { story: '%env sets and tells', cells: ['%env GREETING = hello you\n%env GREETING', '%env GREETING\nprocess.env.GREETING'], value: /^'hello you'$/ },
  { story: '%env reaches processes', cells: ['%env FOR_ALL=yes', '%%process\nprocess.env.FOR_ALL'], value: /^'yes'$/ },
  { story: '%env reaches threads, which share it', cells: ['%%thread\nprocess.env.OF_THREAD = process.env.FOR_ALL', 'process.env.OF_THREAD'], value: /^'yes'$/ },
  { story: '%env hides secrets in its list', cells: ['%env MY_TOKEN=abcdef\n%env'], value: /MY_TOKEN +<hidden>(?!.*abcdef)/s },
  { story: '%cd goes to a folder and back', cells: ['const here = process.cwd()', '%cd /\n%cd -\nprocess.cwd() === here'], value: /^true$/, stdout: /^\/\n\/.+\n$/ },
  { story: '%%writefile writes, -a appends, an import sees it', cells: ['%%writefile made/helper.ts\nexport const two: number = 2', "import { two } from './made/helper.ts'\ntwo", '%%writefile -a made/helper.ts\nexport const three = two + 1', "import { three } from './made/helper.ts'\nthree"], value: /^3$/ },
  { story: '%sh shows what a command prints', cells: ['%sh echo out; echo -n x'], stdout: /^out\nx$/ },
  { story: '%%sh puts output and status into variables', cells: ['%%sh --out printed --status status\necho kept\nexit 3', '[printed, status]'], value: /^\[ 'kept\\n', 3 \]$/ },
  { story: '%install brings a package, which can be imported at once', cells: ["try { await import('thing') } catch {}", '%install ./packed', "import { answer } from 'thing'\nanswer"], value: /^42$/ },
  { story: '%lsmagic lists all', cells: ['%lsmagic'], value: /^magic +what it does\n%cd (?=.*\n%%process )(?=.*\n%sh %%sh )/s },
  { story: '%help says what to know', cells: ['%help'], value: /%%process/ },
  { story: '%help explains a magic', cells: ['%help %%writefile'], value: /writes the cell.*Usage: %%writefile \[-a\/--append\] FILE/s },
  { story: 'several lines of magics and code', cells: ['// first\n%env A=1\n\n%env A\nprocess.env.A + 1'], value: /^'11'$/ },
  { story: 'one\'s own, as a function', cells: ["import { magic } from 'paracell'\nmagic('shout', ({ text, body }) => (text + body).toUpperCase())", '%%shout a\nb'], value: /^'AB'$/ },
  { story: 'one\'s own, with options', cells: ["magic('times', { options: { count: { type: 'string', short: 'n' } }, words: 'WORD', async cell({ options, words, run }) { const got = []; for (let i = 0; i < Number(options.count ?? 1); i++) got.push(await run()); return [...words, ...got] } })", '%%times -n 2 word\n7'], value: /^\[ 'word', 7, 7 \]$/ },
  { story: 'one\'s own of the same name is replaced', cells: ["magic('shout', { line: ({ assign }) => assign('assigned', 'anew') })", '%shout\nassigned'], value: /^'anew'$/ }
]

const refusals: readonly (readonly [cell: string, says: RegExp])[] = [
  ['%tme 1', /no magic %tme\. Did you mean %time\?.*%cd, %env/],
  ['%%writefil x', /no magic %%writefil\. Did you mean %%writefile\?.*%%process/],
  ['%', /no magic %\. There are/],
  ['%writefile x', /%writefile is for a whole cell: write %%writefile/],
  ['%%writefile', /takes one file/],
  ['%%writefile a b', /takes one file/],
  ['%%writefile --apend a', /--apend'\. Did you mean --append\? Usage: %%writefile \[-a\/--append\] FILE/],
  ['%time', /%time takes code/],
  ['%cd no/such', /no folder "no\/such"/],
  ['%env NO_SUCH_NAME', /no environment variable NO_SUCH_NAME.*NO_SUCH_NAME=value/],
  ['%load no-such', /no file "no-such"/],
  ['%help jbos', /no magic "jbos"\. Did you mean jobs\?/],
  ['%lsmagic all', /Unexpected argument 'all'.*Usage: %lsmagic/],
  ['%sh exit 4', /ended with exit status 4/],
  ['%%sh --out 1x\nls', /variable can't be called "1x"/],
  ['%%sh --shell no-such-shell\nls', /no program "no-such-shell"/],
  ['%install ./no-such-folder', /npm could not install \.\/no-such-folder/],
  ["magic('%x', () => 1)", /name is a word, not "%x"/],
  ["magic('x', {})", /does nothing yet/],
  ["%%process\nimport { magic } from 'paracell'\nmagic('x', () => 1)", /a worker has none/]
]

const completions: readonly (readonly [code: string, contains: readonly string[], start: number])[] = [
  ['%jo', ['%jobs'], 0],
  ['%t', ['%time', '%%time', '%%thread'], 0],
  ['%%pro', ['%%process'], 0],
  ['%cd /\n%wh', ['%who'], 6],
  ['%jobs --wa', ['--watch'], 6],
  ['%%process -n 2 --', ['--background', '--timeout'], 15],
  ['%time process.argv', ['argv'], 14]
]

const completeness: readonly (readonly [code: string, status: string])[] = [
  ['%jobs', 'complete'],
  ['%%process', 'incomplete'],
  ['%%process\nif (1) {', 'incomplete'],
  ['%%sh\nif true; then', 'complete'],
  ['%time 1\nconst x =', 'incomplete']
]

describe('magics', () => {
  let kernel: RunningKernel
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  before(async () => {
    folder = await temporaryFolder()
    kernel = await startKernel({ cwd: folder.path })
    await ran(kernel.client, '%%writefile packed/package.json\n{ "name": "thing", "version": "1.0.0", "type": "module", "exports": "./index.js" }')
    await ran(kernel.client, '%%writefile packed/index.js\nexport const answer = 42')
  })
  after(async () => {
    await kernel[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  for (const { story, cells, stdout, value } of stories) {
    test(story, async () => {
      const executions = []
      for (const cell of cells) executions.push(await ran(kernel.client, cell))
      const last = executions.at(-1)!
      if (stdout) assert.match(last.stdout, stdout)
      assert.match(String(valueOf(last) ?? ''), value ?? /^$/)
    })
  }

  for (const [cell, says] of refusals) {
    test(`${JSON.stringify(cell)} is refused`, async () => {
      const error = errorOf(await kernel.client.execute(cell))
      assert.match(String(error?.evalue), says)
    })
  }

  for (const [code, contains, start] of completions) {
    test(`completes ${JSON.stringify(code)}`, async () => {
      const { reply: { content } } = await kernel.client.request('complete_request', { code, cursor_pos: code.length })
      for (const name of contains) assert.ok((content['matches'] as string[]).includes(name), String(content['matches']))
      assert.equal(content['cursor_start'], start)
    })
  }

  test('completes nothing in what is no TypeScript', async () => {
    const { reply: { content } } = await kernel.client.request('complete_request', { code: '%%sh\nconso', cursor_pos: 10 })
    assert.deepEqual(content['matches'], [])
  })

  test('explains a magic where it stands', async () => {
    const { reply: { content } } = await kernel.client.request('inspect_request', { code: '%jobs --watch', cursor_pos: 3, detail_level: 0 })
    assert.match((content['data'] as Record<string, string>)['text/plain'] ?? '', /what runs in threads.*Usage: %jobs \[-w\/--watch\]/s)
  })

  for (const [code, status] of completeness) {
    test(`${JSON.stringify(code)} is ${status}`, async () => {
      const { reply } = await kernel.client.request('is_complete_request', { code })
      assert.equal(reply.content['status'], status)
    })
  }

  for (const cell of ['const one = 1\n%who', 'const two = 2;\n%who', 'three()\n%%time']) {
    test(`${JSON.stringify(cell)} says where magics stand`, async () => {
      const execution = await kernel.client.execute(cell)
      assert.equal(execution.reply.content['status'], 'error')
      assert.match(execution.stderr, /^Magics stand before the code: move %(who|%time) to the top of a cell\.$/m)
    })
  }

  test('an error below a magic names the line of the cell', async () => {
    const { traceback } = errorOf(await kernel.client.execute("%cd .\n%%time\n\nthrow new Error('fourth')"))!
    assert.match(traceback, /cell-\d+\.ts:4:7/)
  })

  test('an error in a line of magics names the line of the cell', async () => {
    await ran(kernel.client, "function bad() {\n  throw new Error('second')\n}")
    const { traceback } = errorOf(await kernel.client.execute('%cd .\n%time 1\n%time bad()'))!
    assert.match(traceback, /bad \(cell-\d+\.ts:2:9\)\n +at cell-\d+\.2\.ts:3:1/)
  })

  test('%load offers the code of a file in the place of the cell', async () => {
    await writeFile(join(folder.path, 'loaded.ts'), 'const loaded = 1\n')
    const { reply } = await ran(kernel.client, '%load loaded')
    assert.deepEqual(reply.content['payload'], [{ source: 'set_next_input', text: '// %load loaded\nconst loaded = 1\n', replace: true }])
  })

  test('%%writefile writes what stands there, be it TypeScript or not', async () => {
    await ran(kernel.client, "// why\n%%writefile notes.txt\n%who\n  it's ${x}\n")
    assert.equal(await readFile(join(folder.path, 'notes.txt'), 'utf8'), "%who\n  it's ${x}\n")
  })

  test('%%sh prints live, and an interrupt ends it and what it has started', async () => {
    const { client } = kernel
    const printed = client.waitFor(message => /^\d+\n$/.test(streamText([message], 'stdout')))
    const running = client.execute('%%sh\nsleep 1000 &\necho $!\nwait')
    const pid = Number(streamText([await printed], 'stdout'))
    await client.interrupt()
    assert.equal(errorOf(await running)?.ename, 'KeyboardInterrupt')
    await gone(pid)
  })

  test('what %%sh leaves running prints into its cell', async () => {
    const late = kernel.client.waitFor(message => streamText([message], 'stdout') === 'late\n')
    const { id } = await ran(kernel.client, '%%sh\n(sleep 0.1; echo late) &')
    assert.equal((await late).parent_header['msg_id'], id)
  })
})
