/** A magic of a cell, as written. */
export interface WrittenMagic {
  readonly form: '%' | '%%'
  readonly name: string
  readonly text: string
  /** What follows it, where it is for the whole cell. */
  readonly body: string
  /** Which line of the cell it is, counted from 0. */
  readonly line: number
  /** Where its line begins and ends in the cell. */
  readonly start: number
  readonly end: number
}

/** A cell taken apart: the magics that it begins with, and what follows them. */
export interface WrittenCell {
  readonly lines: readonly WrittenMagic[]
  readonly cell: WrittenMagic | undefined
  /** What follows the magics. Their lines are left blank, so that what follows keeps its place. */
  readonly rest: string
}

const BEGINS_WITH_MAGIC = /^(?:\s|\/\/[^\n]*(?:\n|$))*%/
const LINE = /([^\n]*)(?:\n|$)/y
const MAGIC = /^\s*(%%?)(\S*)\s*(.*?)\s*$/

/** Undefined for a cell of plain TypeScript. Nothing in TypeScript begins with a percent sign, so it can't be meant otherwise. */
export function parseMagics(code: string): WrittenCell | undefined {
  if (!BEGINS_WITH_MAGIC.test(code)) return undefined
  const lines: WrittenMagic[] = []
  let cell: WrittenMagic | undefined
  for (let start = 0, end = 0; start < code.length && !cell; start = end) {
    LINE.lastIndex = start
    const [whole, text = ''] = LINE.exec(code) as RegExpExecArray
    end = start + whole.length
    const magic = toMagic(code, text, start, end)
    if (magic?.form === '%%') cell = magic
    else if (magic) lines.push(magic)
    else if (!/^\s*(?:\/\/|$)/.test(text)) break
  }
  return { lines, cell, rest: blank(code, cell ? [...lines, cell] : lines) }
}

function toMagic(code: string, text: string, start: number, next: number): WrittenMagic | undefined {
  const [, form, name = '', rest = ''] = MAGIC.exec(text) ?? []
  if (!form) return undefined
  const line = code.slice(0, start).split('\n').length - 1
  return { form: form as '%' | '%%', name, text: rest, body: form === '%%' ? code.slice(next) : '', line, start, end: start + text.length }
}

function blank(code: string, magics: readonly WrittenMagic[]): string {
  let blanked = code
  for (const { start, end } of magics) blanked = blanked.slice(0, start) + ' '.repeat(end - start) + blanked.slice(end)
  return blanked
}
