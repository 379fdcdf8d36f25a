import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { typeOf } from '../support/jupyter-client.ts'
import { assertOpens, assertState, MODELS } from '../support/widget-spec.ts'
import { dataOf, FrontEnd, idOf } from './front-end.ts'
import { errorOf, ran, type RunningKernel, startKernel, valueOf } from './running-kernel.ts'

let kernel: RunningKernel
let page: FrontEnd

before(async () => {
  kernel = await startKernel()
  await ran(kernel.client, "import * as widgets from 'paracell/widgets'")
})
after(() => kernel[Symbol.asyncDispose]())

let cells = 0
/** Runs a cell that has an id, as a notebook's cells do. */
async function runCell(code: string, cellId = `cell-${++cells}`) {
  const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: true, stop_on_error: true }
  return kernel.client.request('execute_request', content, { metadata: { cellId } })
}

beforeEach(async () => {
  // Widgets of the test before are closed as a notebook closes them: its cell runs again.
  await runCell('0', `cell-${cells}`)
  kernel.client.iopub.length = 0
  page = new FrontEnd(kernel.client)
})

describe('widgets', () => {
  test('every published model opens as the schema says', async () => {
    const names = [...MODELS.keys()].map(name => name.replace(/Model$/, '')).filter(name => name !== 'DOMWidget')
    await runCell(`for (const name of ${JSON.stringify(names)}) new widgets[name](/Select|Dropdown|RadioButtons$|ToggleButtons$/.test(name) ? { options: ['a', 'b'] } : {})`)
    const opened = page.messages.filter(message => typeOf(message) === 'comm_open')
    assert.deepEqual(opened.map(message => String(dataOf(message).state?.['_model_name']).replace(/Model$/, '')), names)
    opened.forEach(assertOpens)
  })

  test('a change in the notebook reaches the front end, once a statement', async () => {
    await runCell("const slider = new widgets.IntSlider({ value: 5 }); slider.value = 6; slider.max = 7; slider.layout.width = '50%'")
    const id = page.one('IntSliderModel')
    const updates = page.messages.filter(message => idOf(message) === id && typeOf(message) === 'comm_msg').map(message => dataOf(message).state ?? {})
    assert.deepEqual(updates, [{ value: 6, max: 7, layout: `IPY_MODEL_${page.one('LayoutModel')}` }])
    updates.forEach(state => assertState('IntSliderModel', state))
    assert.equal(page.state(page.one('LayoutModel'))['width'], '50%')
  })

  test('a change in the front end reaches the notebook, is echoed, and prints where it is observed', async () => {
    const { id: cell } = await runCell("const shy = new widgets.IntSlider(); shy.observe('value', ({ old, value }) => console.log(old, value))")
    await page.set(page.one('IntSliderModel'), { value: 3 })
    const echo = page.messages.find(message => dataOf(message).method === 'echo_update')
    assert.deepEqual(echo && dataOf(echo).state, { value: 3 })
    const printed = kernel.client.iopub.find(message => message.content['text'] === '0 3\n')
    assert.equal(printed?.parent_header['msg_id'], cell)
    assert.equal(valueOf(await ran(kernel.client, 'shy.value')), '3')
  })

  for (const [story, state] of [['out of range', { value: 1000 }], ['of another type', { value: 'x' }]] as const) {
    test(`a value ${story} is taken back`, async () => {
      await runCell('const strict = new widgets.IntSlider({ value: 5 })')
      const id = page.one('IntSliderModel')
      await page.set(id, state)
      assert.equal(page.state(id)['value'], 5)
      assert.ok(kernel.client.iopub.some(message => /A change of the IntSlider was not taken: IntSlider.value must be/.test(String(message.content['text']))))
    })
  }

  const wrong = [
    ['new widgets.IntSlider({ value: 200 })', 'IntSlider.value must be from 0 to 100, not 200.'],
    ['new widgets.IntSlider({ min: 10, max: 1 })', 'IntSlider.min must not be greater than its max: 10 and 1 were given.'],
    ["new widgets.IntSlider({ value: '1' })", "IntSlider.value must be a whole number, not '1'."],
    ['new widgets.IntSlider({ vlaue: 1 })', 'IntSlider has no attribute "vlaue". It has: '],
    ["new widgets.Button({ buttonStyle: 'loud' })", "Button.buttonStyle must be one of 'primary', "],
    ["new widgets.Dropdown({ options: ['a'], value: 'b' })", "Dropdown.value must be one of its options, a, not 'b'."],
    ['new widgets.HBox([1])', 'HBox.children must be an array of widgets, not [ 1 ].'],
    ["new widgets.Time({ value: '25:00' })", "Time.value must be a time such as '14:30' or '14:30:15.250' or null, not '25:00'."],
    ["new widgets.Text().observe('vlaue', () => 0)", 'Text has no attribute "vlaue" to observe. It has: ']
  ] as const
  for (const [code, message] of wrong) {
    test(`${code} says what is wrong`, async () => {
      const error = errorOf({ outputs: (await runCell(code)).messages })
      assert.equal(error?.ename, 'UsageError')
      assert.ok(String(error?.evalue).startsWith(message), String(error?.evalue))
    })
  }

  for (const data of [
    null, 7, [], {}, { method: 'coffee' }, { method: 'update' }, { method: 'update', state: [] }, { method: 'update', state: { nothing: 1 } },
    { method: 'update', state: { value: 4 }, buffer_paths: [['value', 'x', 0], 'value', [['deep']], ['__proto__', 'x'], []] }, { method: 'custom' }, { method: 'custom', content: 3 },
    { method: 'update', state: { __proto__: null, value: {} } }, { method: 'update', state: { value: 4, style: 'IPY_MODEL_none', layout: 5 } }, { method: 'request_state' }
  ]) {
    test(`${JSON.stringify(data)} from a front end harms nobody`, async () => {
      await runCell('const sturdy = new widgets.IntSlider({ value: 5 })')
      const id = page.one('IntSliderModel')
      await kernel.client.notify('comm_msg', { comm_id: id, data }, { buffers: [Buffer.from('x')] })
      await page.set(id, { value: 6 })
      assert.equal(valueOf(await ran(kernel.client, 'sturdy.value')), '6')
    })
  }

  test('a button is pressed', async () => {
    await runCell("const button = new widgets.Button({ description: 'Go' }); button.onClick(() => console.log('pressed'))")
    const pressed = kernel.client.waitFor(message => message.content['text'] === 'pressed\n')
    await page.custom(page.one('ButtonModel'), { event: 'click' })
    await pressed
  })

  test('options keep their values in the notebook', async () => {
    await runCell('const choice = new widgets.Dropdown({ options: { one: 1, two: 2 }, value: 2 })')
    const id = page.one('DropdownModel')
    assert.deepEqual([page.state(id)['_options_labels'], page.state(id)['index']], [['one', 'two'], 1])
    await page.set(id, { index: 0 })
    assert.equal(valueOf(await ran(kernel.client, '[choice.value, choice.label, choice.index]')), "[ 1, 'one', 0 ]")
    await page.set(id, { index: 7 })
    assert.equal(page.state(id)['index'], 0)
  })

  test('bytes travel as buffers, both ways', async () => {
    await runCell('const image = new widgets.Image({ value: Uint8Array.of(1, 2, 3) }), upload = new widgets.FileUpload()')
    const opened = page.messages.find(message => idOf(message) === page.one('ImageModel'))
    assert.deepEqual(opened?.buffers.map(buffer => [...buffer]), [[1, 2, 3]])
    const file = { name: 'a.txt', type: 'text/plain', size: 2, last_modified: 1000 }
    await page.set(page.one('FileUploadModel'), { value: [file] }, { buffers: [Buffer.from('hi')], paths: [['value', 0, 'content']] })
    assert.equal(valueOf(await ran(kernel.client, '[upload.value[0].name, Buffer.from(upload.value[0].content).toString(), upload.value[0].lastModified.getTime()]')), "[ 'a.txt', 'hi', 1000 ]")
  })

  test('dates and times', async () => {
    await runCell("const day = new widgets.DatePicker({ value: new Date(2024, 1, 29) }), hour = new widgets.Time({ value: '14:30' })")
    assert.deepEqual(page.state(page.one('DatePickerModel'))['value'], { year: 2024, month: 1, date: 29 })
    await page.set(page.one('TimeModel'), { value: { hours: 9, minutes: 5, seconds: 1, milliseconds: 0 } })
    assert.equal(valueOf(await ran(kernel.client, 'hour.value')), "'09:05:01'")
  })

  test('widgets of your own, from an ES module', async () => {
    await runCell("const Counter = widgets.customWidget({ state: { clickCount: 0, raw: Uint8Array.of(1) }, module: 'export default { render() {} }' }); const counter = new Counter({ clickCount: 5 })")
    const id = page.one('AnyModel')
    const { _model_module: module, _esm: code, clickCount } = page.state(id)
    assert.deepEqual([module, code, clickCount], ['anywidget', 'export default { render() {} }', 5])
    await page.set(id, { clickCount: 6 })
    assert.equal(valueOf(await ran(kernel.client, 'counter.clickCount')), '6')
    const wrongType = errorOf(await kernel.client.execute("counter.clickCount = '7'"))
    const noModule = errorOf(await kernel.client.execute("widgets.customWidget({ state: {}, module: 'x' })"))
    assert.equal(wrongType?.evalue, "Custom.clickCount must be a number, not '7'.")
    assert.match(String(noModule?.evalue), /^customWidget needs a module: the text of an ES module/)
  })

  test('links, in the session and in the front end', async () => {
    await runCell("const a = new widgets.IntSlider({ value: 1 }), b = new widgets.IntText(); widgets.link([a, 'value'], [b, 'value']); widgets.frontEndLink([a, 'value'], [b, 'value'])")
    const [slider, text] = [page.one('IntSliderModel'), page.one('IntTextModel')]
    assert.deepEqual(page.state(page.one('LinkModel'))['source'], [`IPY_MODEL_${slider}`, 'value'])
    await page.set(text, { value: 8 })
    assert.deepEqual([page.state(slider)['value'], page.state(text)['value']], [8, 8])
  })

  test('changes can be looped over, until the widget is closed', async () => {
    await runCell('const looped = new widgets.IntSlider()')
    const begun = kernel.client.waitFor(message => message.content['text'] === 'loops\n')
    const running = kernel.client.execute("console.log('loops'); for await (const { value } of looped.changes('value')) { console.log(value); if (value === 2) looped.close() }")
    await begun
    const id = page.one('IntSliderModel')
    const header = { subshell_id: String((await kernel.client.request('create_subshell_request', {}, { channel: 'control' })).reply.content['subshell_id']) }
    await page.set(id, { value: 1 }, { header })
    await page.set(id, { value: 2 }, { header })
    assert.equal((await running).stdout, 'loops\n1\n2\n')
  })

  test('widgets are closed when their cell runs again', async () => {
    await runCell('const again = new widgets.Text()', 'same')
    const first = page.one('TextModel')
    await runCell('const again = new widgets.Text()', 'same')
    assert.notEqual(page.one('TextModel'), first)
    await runCell('0', 'same')
  })

  test('a page that was loaded again gets all widgets with one request, also while a cell blocks', async () => {
    await runCell('const kept = new widgets.Image({ value: Uint8Array.of(9) }); const output = new widgets.Output(); output.print("shown")')
    await page.showing(page.one('OutputModel'), /shown/)
    const subshell_id = String((await kernel.client.request('create_subshell_request', {}, { channel: 'control' })).reply.content['subshell_id'])
    const begun = kernel.client.waitFor(message => message.content['text'] === 'blocks\n')
    const blocking = kernel.client.execute('console.log("blocks"); while (true) {}')
    await begun
    await kernel.client.notify('comm_open', { comm_id: 'control', target_name: 'jupyter.widget.control', data: {} }, { header: { subshell_id } })
    const { messages } = await kernel.client.notify('comm_msg', { comm_id: 'control', data: { method: 'request_states' } }, { header: { subshell_id } })
    const answer = messages.find(message => typeOf(message) === 'comm_msg')
    const { states, buffer_paths: paths } = (answer?.content['data'] ?? {}) as { states: Record<string, { model_name: string; state: Record<string, unknown> }>; buffer_paths: unknown }
    const [image, output] = [page.one('ImageModel'), page.one('OutputModel')]
    assert.deepEqual([states[image]?.model_name, states[output]?.state['outputs']], ['ImageModel', [{ output_type: 'stream', name: 'stdout', text: 'shown' }]])
    assert.deepEqual([paths, answer?.buffers.map(buffer => [...buffer])], [[[image, 'state', 'value']], [[9]]])
    await kernel.client.interrupt()
    await blocking
  })

  test('an Output widget takes what threads and processes print in it, and nothing else', async () => {
    const code = `import { Thread, Process } from 'paracell'
      const box = new widgets.Output()
      const work = (name: string) => console.log(name)
      await Promise.all(['a', 'b'].map((name, index) => box.capture(async () => {
        const worker = new [Thread, Process][index]({ target: work, args: [name] })
        worker.start()
        await worker.join()
      })))
      console.log('outside')`
    const { messages } = await runCell(code)
    const text = messages.filter(message => typeOf(message) === 'stream').map(message => message.content['text']).join('')
    assert.equal(text, 'outside\n')
    assert.match(await page.showing(page.one('OutputModel'), /a[^]*b|b[^]*a/), /^(a\nb\n|b\na\n)$/)
  })

  test('an Output widget takes what a Pool prints for it, whoever its members worked for before', async () => {
    await runCell(`import { call, Pool } from 'paracell'
      const pool = new Pool({ workers: 1 }), tell = (text: string) => console.log(text)
      await pool.map(tell, ['before'])
      const pooled = new widgets.Output()
      await pooled.capture(async () => { await pool.map(tell, ['inside'], { progress: false }); await call(['echo', 'by a program']) })`)
    assert.equal(await page.showing(page.one('OutputModel'), /program/), 'inside\nby a program\n')
  })

  test('one Output widget in another', async () => {
    await runCell(`const outer = new widgets.Output(), inner = new widgets.Output()
      outer.capture(() => { console.log('out'); inner.capture(() => console.log('in')); console.log('out again') })`)
    const [outer = '', inner = ''] = page.find('OutputModel')
    assert.deepEqual([await page.showing(outer, /again/), await page.showing(inner, /in/)], ['out\nout again\n', 'in\n'])
  })

  test('a session that dies takes its widgets along', async () => {
    await runCell('const lost = new widgets.Text()')
    const id = page.one('TextModel')
    const closed = kernel.client.waitFor(message => typeOf(message) === 'comm_close' && idOf(message) === id)
    await kernel.client.execute('process.exit(3)')
    await closed
    await ran(kernel.client, "import * as widgets from 'paracell/widgets'")
  })

  test('a thread can move a bar of the notebook; a process is told that it can not make widgets', async () => {
    await runCell("const bar = new widgets.IntProgress({ max: 3 })")
    await runCell('%%thread\nfor (let i = 1; i <= 3; i++) bar.value = i')
    assert.equal(page.state(page.one('IntProgressModel'))['value'], 3)
    const error = errorOf({ outputs: (await runCell("%%process\nimport { Text } from 'paracell/widgets'\nnew Text()")).messages })
    assert.match(String(error?.evalue), /Widgets live in the notebook itself/)
  })
})

describe('interact', () => {
  const interact = (parameters: string, work: string) => runCell(`widgets.interact(${parameters}, ${work})`)
  const output = () => page.one('OutputModel')

  test('shows controls for values, and runs anew at each change', async () => {
    await interact("{ count: 5, half: 0.5, name: 'Hello', loud: true, kind: ['thread', 'process'], size: [1, 9], unit: { metre: 1, mile: 1609 }, day: new Date(2024, 0, 1), own: new widgets.IntText({ value: 4 }) }",
      'values => Object.values(values).slice(0, 7).join(" ")')
    assert.equal(await page.showing(output(), /./), "'5 0.5 Hello true thread 5 1'")
    assert.deepEqual(['IntSliderModel', 'FloatSliderModel', 'TextModel', 'CheckboxModel', 'DropdownModel', 'DatePickerModel', 'IntTextModel'].map(model => page.find(model).length), [2, 1, 1, 1, 2, 1, 1])
    const [count = '', size = ''] = page.find('IntSliderModel')
    assert.deepEqual([count, size].map(id => [page.state(id)['min'], page.state(id)['max'], page.state(id)['value']]), [[-5, 15, 5], [1, 9, 5]])
    await page.set(page.one('TextModel'), { value: 'Ciao' })
    assert.match(await page.showing(output(), /Ciao/), /5 0.5 Ciao true/)
  })

  test('what a function prints and returns replaces what was there; an error is shown in its place', async () => {
    await interact('{ n: [0, 10] }', '({ n }) => { if (n === 1) throw new RangeError("one"); console.log("n", n); return { square: n * n } }')
    assert.equal(await page.showing(output(), /25/), 'n 5\n|{ square: 25 }')
    await page.set(page.one('IntSliderModel'), { value: 1 })
    assert.equal(await page.showing(output(), /one/), 'RangeError: one')
    await page.set(page.one('IntSliderModel'), { value: 2 })
    assert.equal(await page.showing(output(), /square: 4/), 'n 2\n|{ square: 4 }')
  })

  test('a newer value ends the stale run with its workers, and only the newest is shown', async () => {
    await runCell(`import { Process, Thread, activeChildren, sleep } from 'paracell'
      const long = async (n: number) => { await sleep(60_000); console.log('never', n) }
      globalThis.begun = []
      widgets.interact({ n: [0, 10] }, async ({ n }) => {
        begun.push(n)
        if (n === 9) return 'newest'
        const workers = [Process, Thread].map(Worker => new Worker({ target: long, args: [n] }))
        for (const worker of workers) worker.start()
        console.log('started', n)
        for (const worker of workers) await worker.join()
        console.log('stale', n)
      })`)
    await page.showing(output(), /started 5/)
    const slider = page.one('IntSliderModel')
    await Promise.all([6, 7, 8, 9].map(value => page.set(slider, { value })))
    assert.equal(await page.showing(output(), /newest/), "'newest'")
    await ran(kernel.client, 'while (activeChildren().length > 0) await Promise.all(activeChildren().map(child => child.join()))')
    assert.equal(valueOf(await ran(kernel.client, 'begun')), '[ 5, 9 ]')
    assert.equal(page.shown(output()), "'newest'")
  })

  test('runs while a cell waits', async () => {
    await interact('{ n: [0, 10] }', '({ n }) => n')
    const running = kernel.client.execute('await new Promise(resolve => { globalThis.release = resolve })')
    const subshell_id = String((await kernel.client.request('create_subshell_request', {}, { channel: 'control' })).reply.content['subshell_id'])
    await page.set(page.one('IntSliderModel'), { value: 8 }, { header: { subshell_id } })
    assert.equal(await page.showing(output(), /8/), '8')
    await kernel.client.interrupt()
    await running
  })

  test('what came while a cell blocked is not lost', async () => {
    await interact('{ n: [0, 10] }', '({ n }) => n')
    const subshell_id = String((await kernel.client.request('create_subshell_request', {}, { channel: 'control' })).reply.content['subshell_id'])
    const begun = kernel.client.waitFor(message => message.content['text'] === 'blocks\n')
    const running = kernel.client.execute('console.log("blocks"); while (true) {}')
    await begun
    const set = page.set(page.one('IntSliderModel'), { value: 3 }, { header: { subshell_id } })
    await kernel.client.interrupt()
    await Promise.all([running, set])
    assert.equal(await page.showing(output(), /3/), '3')
  })

  test('a function that blocks can be interrupted, and its controls go on working', async () => {
    await interact('{ n: [0, 10] }', '({ n }) => { console.log("n", n); while (n === 7); return n }')
    await page.showing(output(), /5/)
    await page.set(page.one('IntSliderModel'), { value: 7 })
    await page.showing(output(), /n 7/)
    await kernel.client.interrupt()
    assert.match(await page.showing(output(), /Interrupt/), /^n 7\n\|KeyboardInterrupt: /)
    await page.set(page.one('IntSliderModel'), { value: 2 })
    assert.equal(await page.showing(output(), /n 2[^]*2$/), 'n 2\n|2')
  })

  test('widgets that a run makes are closed when the next begins, and with the cell', async () => {
    await runCell('widgets.interact({ n: [0, 10] }, ({ n }) => new widgets.Label({ value: `n is ${n}` }))', 'nested')
    const label = () => page.state(page.one('LabelModel'))['value']
    await page.showing(output(), /n is 5/)
    await page.set(page.one('IntSliderModel'), { value: 6 })
    await page.showing(output(), /n is 6/)
    assert.equal(label(), 'n is 6')
    await runCell('0', 'nested')
    assert.deepEqual(page.find('LabelModel'), [])
  })

  test('as a widget: its values, controls and end', async () => {
    await runCell('const view = widgets.interactive({ n: [0, 10] }, ({ n }) => n * 2); view')
    assert.equal(await page.showing(output(), /./), '10')
    await ran(kernel.client, 'view.controls.n.value = 7; await view.settled()')
    assert.equal(await page.showing(output(), /14/), '14')
    assert.equal(valueOf(await ran(kernel.client, 'view.values')), '{ n: 7 }')
    assert.equal(valueOf(await ran(kernel.client, 'view.close(); view.isClosed')), 'true')
  })

  test('by a button', async () => {
    await runCell("widgets.interactManual({ name: 'a' }, ({ name }) => name.repeat(3), 'Repeat')")
    await page.set(page.one('TextModel'), { value: 'b' })
    assert.equal(page.shown(output()), '')
    await page.custom(page.one('ButtonModel'), { event: 'click' })
    assert.equal(await page.showing(output(), /b/), "'bbb'")
  })

  test('ends with its cell', async () => {
    await runCell("import { sleep } from 'paracell'\nwidgets.interact({ n: [0, 10] }, async ({ n }, { signal }) => { signal.onabort = () => { globalThis.aborted = true }; console.log('n'); await sleep(60_000) })", 'ending')
    await page.showing(output(), /n/)
    await runCell('0', 'ending')
    assert.deepEqual(['VBoxModel', 'OutputModel', 'IntSliderModel'].flatMap(model => page.find(model)), [])
    assert.equal(valueOf(await ran(kernel.client, 'aborted')), 'true')
  })

  for (const [args, message] of [['null, () => 1', 'interact takes parameters first'], ['{ a: 1 }, 3', 'interact takes a function of the parameters']] as const) {
    test(`interact(${args}) says what is wrong`, async () => {
      assert.ok(String(errorOf({ outputs: (await runCell(`widgets.interact(${args})`)).messages })?.evalue).startsWith(message))
    })
  }

  for (const [parameters, message] of [
    ['{ a: NaN }', 'There is no control for a: NaN.'], ['{ a: [] }', 'There is nothing to choose from for a'], ['{ a: [3, 1] }', 'The range of a must go from a smaller to a greater number'],
    ['{ a: [1, 3, 0] }', 'The step of a must be greater than 0'], ['{ a: new widgets.Button() }', 'The Button for a has no value'], ['{ a: null }', 'There is no control for a: null']
  ] as const) {
    test(`${parameters} says what is wrong`, async () => {
      const error = errorOf({ outputs: (await interact(parameters, '() => 0')).messages })
      assert.ok(String(error?.evalue).startsWith(message), String(error?.evalue))
    })
  }
})

describe('--interact', () => {
  for (const kind of ['thread', 'process']) {
    test(`a %%${kind} cell runs anew, in a fresh worker, as its parameters move`, async () => {
      await runCell(`%%${kind} --interact -n 2 count=1:3 name="Hello you" loud=true unit=1,2\nconsole.log(rank, name, loud, unit, size)\ncount * 2`)
      assert.match(await page.showing(page.one('OutputModel'), /4, 4/), /0 Hello you true 1 2\n[^]*\[ 4, 4 \]$/)
      await page.set(page.one('IntSliderModel'), { value: 3 })
      assert.match(await page.showing(page.one('OutputModel'), /6, 6/), /^\[[A-Z][^]*\[ 6, 6 \]$/)
    })
  }

  for (const [line, message] of [
    ['%%thread --interact', '%%thread: --interact needs parameters, such as count=1:10 name=Hello.'],
    ['%%thread --interact count', '%%thread: "count" is no parameter: write NAME=VALUE, such as count=1:10.'],
    ['%%thread --interact 1=2', `A variable can't be called "1".`],
    ['%%process count=1', '%%process: "count=1" is a parameter, which is for a cell with --interact.'],
    ['%%process --interact --background count=1', '%%process: --interact shows values under its controls; leave out --background.']
  ] as const) {
    test(`${line} says what is wrong`, async () => {
      assert.equal(errorOf({ outputs: (await runCell(`${line}\n1`)).messages })?.evalue, message)
    })
  }
})
