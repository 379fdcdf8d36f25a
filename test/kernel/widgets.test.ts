import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { typeOf } from '../support/jupyter-client.ts'
import { assertOpens, assertState, MODELS } from '../support/widget-spec.ts'
import { dataOf, idOf } from './front-end.ts'
import { errorOf, ran, valueOf } from './running-kernel.ts'
import { kernel, notebook, page, runCell, useWidgetNotebook } from './widget-notebook.ts'

useWidgetNotebook()

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
    const header = await notebook.subshell()
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
    const { subshell_id } = await notebook.subshell()
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

  test('what an Output widget shows can be read, at once, and set', async () => {
    await runCell("const told = new widgets.Output(); told.print('one '); await told.append({ two: 2 })")
    const text = "told.outputs.map(({ text, data }) => text ?? data['text/plain'])"
    assert.equal(valueOf(await ran(kernel.client, `told.print('three'); ${text}`)), "[ 'one ', '{ two: 2 }', 'three' ]")
    await ran(kernel.client, "told.outputs = [{ output_type: 'stream', name: 'stdout', text: 'set ' }]; told.print('four')")
    assert.match(await page.showing(page.one('OutputModel'), /four/), /^set \|?four$/)
    assert.equal(valueOf(await ran(kernel.client, `told.outputs = []; ${text}`)), '[]')
    assert.equal(valueOf(await ran(kernel.client, 'told.close(); told.outputs')), '[]')
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
