import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatNotebook } from '../../../kernel/commands/run/format.ts'
import type { Notebook } from '../../../kernel/commands/run/notebook.ts'

test('a notebook is written as Jupyter writes it', () => {
  const notebook: Notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { z: 1, a: { c: [], b: {} } },
    cells: [
      { cell_type: 'markdown', id: 'm', metadata: {}, source: '# 题\r\nzwei\vdrei\n' },
      {
        cell_type: 'code',
        id: 'c',
        metadata: {},
        source: '',
        execution_count: 1,
        outputs: [
          { output_type: 'stream', name: 'stdout', text: '1\n\n2' },
          { output_type: 'display_data', data: { 'image/svg+xml': '<svg>\n</svg>', 'image/png': 'iVBO\nRw==', 'application/json': { b: 'x\ny', a: 1 } }, metadata: {} },
        ],
      },
    ],
  }
  assert.equal(formatNotebook(notebook), EXPECTED)
})

const EXPECTED = `{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "m",
   "metadata": {},
   "source": [
    "# 题\\r\\n",
    "zwei\\u000b",
    "drei\\n"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 1,
   "id": "c",
   "metadata": {},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "1\\n",
      "\\n",
      "2"
     ]
    },
    {
     "data": {
      "application/json": {
       "a": 1,
       "b": "x\\ny"
      },
      "image/png": "iVBO\\nRw==",
      "image/svg+xml": [
       "<svg>\\n",
       "</svg>"
      ]
     },
     "metadata": {},
     "output_type": "display_data"
    }
   ],
   "source": []
  }
 ],
 "metadata": {
  "a": {
   "b": {},
   "c": []
  },
  "z": 1
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`
