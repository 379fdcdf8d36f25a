/** Writes so many cells into a history, one by one, as one of several kernels. */
import { argv } from 'node:process'
import { History } from '../../../kernel/dispatch/history/history.ts'
import { HistoryStore } from '../../../kernel/dispatch/history/store.ts'

const [, , file = '', count = '0'] = argv
const fail = (line: string): never => {
  throw new Error(line)
}
await using store = new HistoryStore(() => file, fail)
const history = new History(store)
for (let line = 1; line <= Number(count); line++) {
  history.add(line, `cell ${line} of ${process.pid}`)
  await history.find({ access: 'tail', output: false, session: 0, start: 1, stop: undefined, n: 1, pattern: '*', unique: false })
}
