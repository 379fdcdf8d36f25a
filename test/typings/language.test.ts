import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Language, type LanguageIndex } from '../../kernel/typings/language.ts'
import { languageTypes } from '../../kernel/typings/places.ts'
import { statementsOf } from '../../kernel/typings/statements.ts'

const folder = await languageTypes()
const everything = new Language(folder, undefined)
const index = everything.index()

/** A global's declarations, or what declares it in a namespace. */
const declared = (language: Language, name: string, space = name): unknown =>
  language.textsFor(space).flatMap(text => statementsOf(text, name)).filter(({ scope }) => scope.join('.') === (space === name ? '' : space))

test('with the index, each global is declared as in all files together', () => {
  const language = new Language(folder, index)
  const names = Object.keys(index.globals)
  assert.ok(names.length > 150, String(names.length))
  for (const name of names) assert.deepEqual(declared(language, name), declared(everything, name), name)
})

test('with the index, what is in a namespace is declared as in all files together', () => {
  const language = new Language(folder, index)
  for (const name of ['NumberFormat', 'DateTimeFormatOptions', 'Segmenter', 'Collator']) {
    assert.notDeepEqual(declared(everything, name, 'Intl'), [])
    assert.deepEqual(declared(language, name, 'Intl'), declared(everything, name, 'Intl'), name)
  }
})

test('with the index, few files are read for a name, and none for what nobody declares', () => {
  const language = new Language(folder, index)
  assert.equal(language.textsFor('parseInt').length, 1)
  assert.ok(language.textsFor('Array').length > 5)
  for (const name of ['console', 'constructor', '__proto__', 'toString', '']) assert.deepEqual(language.textsFor(name), [], name)
})

test('the index of another TypeScript is of no use', () => {
  const other: LanguageIndex = { ...index, version: '0.0.1', globals: {} }
  assert.deepEqual(declared(new Language(folder, other), 'Math'), declared(everything, 'Math'))
  assert.notDeepEqual(declared(everything, 'Math'), [])
})
