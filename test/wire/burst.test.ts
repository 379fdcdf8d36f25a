import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Burst } from '../../kernel/wire/burst.ts'

const EVER = 2 ** 30

describe('a burst of messages', () => {
  test('holds up nothing where none has come', async () => {
    const burst = new Burst(EVER, EVER)
    assert.equal(burst.isOn, false)
    await burst.over()
  })

  test('goes on while messages come', () => {
    const burst = new Burst(EVER, EVER)
    burst.note()
    assert.equal(burst.isOn, true)
  })

  test('is over when nothing more comes', async () => {
    const burst = new Burst(5, EVER)
    burst.note()
    await burst.over()
    assert.equal(burst.isOn, false)
  })

  test('holds up others only for a while, though messages go on to come', async () => {
    const burst = new Burst(EVER, 5)
    burst.note()
    await burst.over()
    burst.note()
    assert.equal(burst.isOn, false)
  })
})
