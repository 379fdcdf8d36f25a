import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { typeOf } from '../support/jupyter-client.ts'
import { errorOf, ran, valueOf } from './running-kernel.ts'
import { kernel, notebook, page, runCell, useWidgetNotebook } from './widget-notebook.ts'

useWidgetNotebook()

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

  test('who waits until all is settled waits for the newest run, however it ends', async () => {
    await runCell(`import { sleep } from 'paracell'
      const slow = widgets.interactive({ n: [0, 10] }, async ({ n }) => { await sleep(20); if (n < 8) slow.controls.n.value = n + 1; else console.log('the end of', n) })
      const failing = widgets.interactive({ n: 1 }, () => { throw new RangeError('at once') })`)
    await ran(kernel.client, 'await widgets.settled()')
    assert.equal(valueOf(await ran(kernel.client, '[slow.controls.n.value, slow.output.outputs[0].text]')), "[ 8, 'the end of 8\\n' ]")
    assert.equal(valueOf(await ran(kernel.client, 'failing.output.outputs[0].evalue')), "'at once'")
    assert.equal(valueOf(await ran(kernel.client, 'await widgets.settled()')), undefined)
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

  for (const by of ['subshell', 'main shell']) {
    test(`runs while a cell waits, by a ${by}`, async () => {
      await interact('{ n: [0, 10] }', '({ n }) => n')
      const begun = kernel.client.waitFor(message => message.content['text'] === 'waits\n')
      const running = kernel.client.execute("console.log('waits'); await new Promise(resolve => { globalThis.release = resolve })")
      await begun
      await page.set(page.one('IntSliderModel'), { value: 8 }, by === 'subshell' ? { header: await notebook.subshell() } : {})
      assert.equal(await page.showing(output(), /8/), '8')
      // The cell still runs.
      const state = () => kernel.client.iopub.findLast(message => typeOf(message) === 'status')?.content['execution_state']
      while (state() !== 'busy') await kernel.client.waitFor(message => typeOf(message) === 'status')
      await kernel.client.interrupt()
      await running
    })
  }

  test('what came while a cell blocked is not lost', async () => {
    await interact('{ n: [0, 10] }', '({ n }) => n')
    const { subshell_id } = await notebook.subshell()
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

  for (const [how, block] of [
    ['computes', 'while (n > 6);'], ['computes after it has waited', 'if (n > 6) { await sleep(1); while (true); }'],
    ['waits for another thread', 'if (n > 6) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'],
    ['catches all', 'while (n > 6) try { while (true); } catch {} finally { while (true); }'], ['matches a pattern', 'if (n > 6) /(a+)+b/.test("a".repeat(50));']
  ]) {
    test(`a newer value ends a function that ${how} without end, and no cell`, async () => {
      await runCell(`import { sleep } from 'paracell'\nwidgets.interact({ n: [0, 10] }, async ({ n }) => { console.log('n', n); if (n === 2) release(); ${block} return n })`)
      await page.showing(output(), /n 5[^]*5$/)
      const waiting = kernel.client.execute("await new Promise(resolve => { globalThis.release = resolve }); 'unharmed'")
      const header = await notebook.subshell()
      const slider = page.one('IntSliderModel')
      for (const value of [7, 8, 9, 3]) {
        await page.set(slider, { value }, { header })
        await page.showing(output(), new RegExp(`n ${value}`))
      }
      assert.equal(await page.showing(output(), /n 3[^]*3$/), 'n 3\n|3')
      await page.set(slider, { value: 2 }, { header })
      assert.equal(valueOf(await waiting), "'unharmed'")
    })
  }

  test('a cell that computes is not ended by a control, whose value waits', async () => {
    await interact('{ n: [0, 10] }', '({ n }) => n')
    const begun = kernel.client.waitFor(message => message.content['text'] === 'computes\n')
    const running = kernel.client.execute("console.log('computes'); for (const end = performance.now() + 300; performance.now() < end;); 'unharmed'")
    await begun
    await page.set(page.one('IntSliderModel'), { value: 3 }, { header: await notebook.subshell() })
    assert.equal(valueOf(await running), "'unharmed'")
    assert.equal(await page.showing(output(), /3/), '3')
  })

  test('a run is not ended by the controls of another', async () => {
    await runCell("globalThis.ended = []; const other = widgets.interactive({ m: [0, 10] }, ({ m }) => m); widgets.interact({ n: [0, 11] }, ({ n }) => { console.log('n', n); for (const end = performance.now() + 300; n > 6 && performance.now() < end;); ended.push(n); return n }); other")
    const [first = '', second = ''] = page.find('IntSliderModel')
    assert.deepEqual([first, second].map(id => page.state(id)['max']), [10, 11])
    const shown = page.find('OutputModel')[1] ?? ''
    await page.showing(shown, /n 5[^]*5$/)
    await page.set(second, { value: 7 })
    await page.showing(shown, /n 7/)
    await page.set(first, { value: 1 })
    assert.equal(valueOf(await ran(kernel.client, 'ended.includes(7)')), 'true')
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
    ['{ a: { min: 1, max: 3, value: 4 } }', 'The value of a must be from 1 to 3, not 4.'],
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
