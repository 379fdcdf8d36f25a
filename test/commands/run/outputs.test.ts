import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Outputs } from '../../../kernel/commands/run/outputs.ts'
import { broadcastOf, type Content } from '../../../kernel/wire/messages.ts'

type Sent = readonly [cell: string, type: string, content: Content]

const print = (cell: string, text: string, name = 'stdout'): Sent => [cell, 'stream', { name, text }]
const bundle = (text: string, id?: string): Content => ({ data: { 'text/plain': text }, metadata: {}, transient: id ? { display_id: id } : {} })
const displayed = (text: string) => ({ output_type: 'display_data', data: { 'text/plain': text }, metadata: {} })
const printed = (text: string, name = 'stdout') => ({ output_type: 'stream', name, text })

const stories: readonly { name: string; sent: readonly Sent[]; a: readonly object[]; b?: readonly object[] }[] = [
  {
    name: 'neighbours of one stream are joined',
    sent: [print('a', '1'), print('a', '2\n'), print('a', '3', 'stderr'), print('a', '4')],
    a: [printed('12\n'), printed('3', 'stderr'), printed('4')],
  },
  {
    name: 'late output goes to the cell that it is from',
    sent: [print('a', '1'), print('b', '2'), print('a', '3')],
    a: [printed('13')],
    b: [printed('2')],
  },
  {
    name: 'a display is updated wherever it is',
    sent: [['a', 'display_data', bundle('old', 'x')], ['b', 'display_data', bundle('old', 'x')], ['b', 'update_display_data', bundle('new', 'x')], ['b', 'update_display_data', bundle('no', 'y')]],
    a: [displayed('new')],
    b: [displayed('new')],
  },
  {
    name: 'an updated display is updated again',
    sent: [['a', 'display_data', bundle('1', 'x')], ['a', 'update_display_data', bundle('2', 'x')], ['a', 'update_display_data', bundle('3', 'x')]],
    a: [displayed('3')],
  },
  {
    name: 'a result keeps its number',
    sent: [['a', 'execute_result', { ...bundle('2'), execution_count: 7 }]],
    a: [{ output_type: 'execute_result', execution_count: 7, data: { 'text/plain': '2' }, metadata: {} }],
  },
  { name: 'clearing is at once', sent: [print('a', '1'), ['a', 'clear_output', { wait: false }]], a: [] },
  {
    name: 'or waits for something new',
    sent: [print('a', '1'), ['a', 'clear_output', { wait: true }], print('b', '2'), ['b', 'clear_output', { wait: true }], print('b', '3')],
    a: [printed('1')],
    b: [printed('3')],
  },
  {
    name: 'an error is shown, what is no output is not',
    sent: [['a', 'status', { execution_state: 'busy' }], ['a', 'error', { ename: 'Error', evalue: 'no', traceback: ['Error: no'] }]],
    a: [{ output_type: 'error', ename: 'Error', evalue: 'no', traceback: ['Error: no'] }],
  },
]

describe('what cells show', () => {
  for (const { name, sent, a, b = [] } of stories) {
    test(name, () => {
      const outputs = new Outputs<string>()
      for (const [cell, type, content] of sent) outputs.take(cell, broadcastOf(undefined, type, content))
      assert.deepEqual([outputs.of('a'), outputs.of('b')], [a, b])
    })
  }
})
