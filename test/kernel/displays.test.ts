import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { typeOf } from '../support/jupyter-client.ts'
import { ran, type RunningKernel, startKernel } from './running-kernel.ts'

type Data = Readonly<Record<string, unknown>>

interface Displayed {
  readonly type: string
  readonly id: string | undefined
  readonly data: Data
  readonly metadata: Data
}

/** What a cell displays, in order. */
async function displayed({ client }: RunningKernel, code: string): Promise<Displayed[]> {
  const { outputs } = await ran(client, code)
  return outputs.filter(message => typeOf(message).endsWith('display_data')).map(message => {
    const { data, metadata, transient } = message.content as { readonly data: Data; readonly metadata: Data; readonly transient: { readonly display_id?: string } }
    return { type: typeOf(message), id: transient.display_id, data, metadata }
  })
}

const kinds = ['Thread', 'Process'] as const

describe('displays of threads and processes', () => {
  let kernel: RunningKernel
  before(async () => {
    kernel = await startKernel()
    await ran(kernel.client, [
      "import { display, html, image, json, Process, table, Thread } from 'paracell'",
      "const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')",
      "const values = [html`<b>x</b>`, json({ a: 1n }), image(dot, { width: 9 }), dot, Array.from({ length: 60 }, (_, row) => ({ row })), new Float32Array(2), { outerHTML: '<i></i>' }]",
      'async function show() { for (const value of values) await display(value) }',
      "const shown = await display('first', { id: 'shown' })"
    ].join('\n'))
  })
  after(() => kernel[Symbol.asyncDispose]())

  for (const kind of kinds) {
    test(`values of the notebook look in a ${kind} as they do in it`, async () => {
      const here = await displayed(kernel, 'await show()')
      const there = await displayed(kernel, `{ const worker = new ${kind}({ target: show }); worker.start(); await worker.join() }`)
      const looks = (all: Displayed[]): unknown[] => all.map(({ data, metadata }) => ({ data, metadata }))
      assert.deepEqual(looks(there), looks(here))
      assert.deepEqual(here.map(({ data }) => Object.keys(data).filter(type => type !== 'text/plain').join(' ')), ['text/html', 'application/json', 'image/png', 'image/png', 'text/html', 'text/html', 'text/html'])
    })

    test(`a ${kind} updates what the notebook displayed`, async () => {
      const updates = await displayed(kernel, `{ const worker = new ${kind}({ target: async () => { await shown.update(html\`<b>${kind}</b>\`, { metadata: { by: '${kind}' } }) } }); worker.start(); await worker.join() }`)
      assert.deepEqual(updates, [{ type: 'update_display_data', id: 'shown', data: { 'text/html': `<b>${kind}</b>`, 'text/plain': `<b>${kind}</b>` }, metadata: { by: kind } }])
    })
  }

  const cells: readonly (readonly [cell: string, shows: readonly string[]])[] = [
    ['%%process -n 2\nawait display(`worker ${rank}`)', ["'worker 0'", "'worker 1'"]],
    ['%%thread\nawait display(`worker ${rank}`)', ["'worker 0'"]],
    ['%%process -n 2\nhtml`<b>${rank}</b>`', ['<b>0</b>', '<b>1</b>']],
    ['%%thread -n 2\nrank === 0 ? html`<b>0</b>` : [1]', ['<b>0</b>', '[ 1 ]']]
  ]
  for (const [cell, shows] of cells) {
    test(`each worker shows its own: ${cell}`, async () => {
      const { outputs } = await ran(kernel.client, cell)
      const texts = outputs.map(({ content }) => (content['data'] as Data | undefined)?.['text/plain'])
      assert.deepEqual(texts.toSorted(), shows)
    })
  }

  test('what a worker displayed can be updated in the notebook', async () => {
    await ran(kernel.client, "%%process --out theirs\nawait display(1, { id: 'theirs' })")
    const [update] = await displayed(kernel, 'await theirs.update(2)')
    assert.deepEqual([update?.type, update?.id, update?.data], ['update_display_data', 'theirs', { 'text/plain': '2' }])
  })
})
