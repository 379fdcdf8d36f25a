/** What the cells of a notebook show. */
export interface Story {
  readonly notebook: string
  /** The values that are saved in it. */
  readonly saved: Parameters
  /** Others, with which it runs in less time. */
  readonly parameters: Parameters
  readonly cells: (parameters: Parameters) => Readonly<Record<string, CellStory>>
}

export interface CellStory {
  /** All of it, or the lines of several writers: each writer's are in order, however they mix. */
  readonly stdout?: RegExp | readonly (readonly Line[])[]
  readonly stderr?: string
  readonly result?: string
}

/** A line as it is, or what it has to match. */
export type Line = string | RegExp
export type Parameters = Readonly<Record<string, string | number>>

const upTo = (count: string | number | undefined): number[] => Array.from({ length: Number(count) }, (_, index) => index)
const times = (count: string | number | undefined, line: Line): Line[][] => upTo(count).map(() => [line])

const written = (count: string | number | undefined): Line[] => [/^当前 write 进程是: \d+$/, ...upTo(count).map((i) => `通道装载数据: ${i}`)]
const read = (count: string | number | undefined): Line[] => [/^当前 read 进程是: \d+$/, ...upTo(count).map((i) => `从通道中获取:  ${i}`)]

const looped = (name: string, count: string | number | undefined): Line[] => [
  `当前线程是: ${name}`,
  ...upTo(count).map((i) => `线程 ${name} 处理 ${i}`),
  `线程 ${name} 结束.`,
]
const insideMain = (lines: readonly Line[]): Line[] => ['当前线程是: MainThread', ...lines, '线程 MainThread 结束.']

/** What nslookup says depends on the network; that something is said and the exit status follows doesn't. */
const lookedUp = (host: string): RegExp =>
  new RegExp(`^\\$nslookup ${host.replaceAll('.', '\\.')}:\\n(?:.*\\n)*Exit  \\d+\\n$`)

export const stories: readonly Story[] = [
  {
    notebook: '00-start',
    saved: { name: 'Paracell', count: 3 },
    parameters: { name: 'World', count: 2 },
    cells: ({ name, count }) => ({
      values: { result: "[ 'Ada: 1815', 'Grace: 1906' ]" },
      output: { stdout: [['标准输出 / standard output']], stderr: '标准错误 / standard error\n' },
      greeting: { stdout: [upTo(count).map((i) => `${i} 你好，${name}! / Hello, ${name}!`)] },
      process: { stdout: upTo(2).map((rank) => [new RegExp(`^\\[Process-\\d\\] ${rank + 1}/2: 你好，${name}!`)]) },
      thread: { stdout: upTo(2).map((rank) => [new RegExp(`^\\[Thread-\\d\\] ${rank + 1}/2: 你好，${name}!`)]) },
      interrupt: { result: '0' },
    }),
  },
  {
    notebook: '01-process',
    saved: { name: 'Hello', count: 3 },
    parameters: { name: 'World', count: 2 },
    cells: ({ name, count }) => ({
      program: { stdout: [[/^当前进程是: \d+$/, /^这里使用 \d+进程 处理 Hello\.$/, '子进程结束.']] },
      several: {
        stdout: [[/^当前进程是: \d+$/, ...upTo(count).map(() => new RegExp(`^这里使用 \\d+进程 处理 ${name}\\.$`)), '子进程结束.']],
      },
      magic: { stdout: upTo(3).map((rank) => [new RegExp(`^\\[child-${rank}\\] 这里使用 \\d+进程 处理 ${name} ${rank + 1}/3\\.$`)]) },
      pids: { result: '3' },
    }),
  },
  {
    notebook: '02-child-process',
    saved: { host: 'www.so.com' },
    parameters: { host: 'localhost' },
    cells: ({ host }) => ({
      program: { stdout: lookedUp('www.so.com') },
      missing: { stdout: [['Exit  127']], stderr: 'no-such-program: command not found\n' },
      lookup: { stdout: lookedUp(String(host)) },
    }),
  },
  {
    notebook: '03-queue',
    saved: { count: 5, longestPause: 2000 },
    parameters: { count: 3, longestPause: 50 },
    cells: ({ count }) => ({
      program: { stdout: [[...written(5), '进程结束'], read(5)] },
      terminate: { stdout: [['0 -15 SIGTERM']] },
      closing: { stdout: [[...written(count), '进程结束'], read(count)] },
    }),
  },
  {
    notebook: '04-thread',
    saved: { threadName: 'LoopThread', count: 6, longestPause: 2000 },
    parameters: { threadName: 'Worker', count: 2, longestPause: 50 },
    cells: ({ threadName, count }) => ({
      program: { stdout: [insideMain(looped('LoopThread', 6))] },
      several: { stdout: [insideMain(looped(String(threadName), count))] },
      magic: { stdout: upTo(3).map((rank) => looped(`LoopThread-${rank}`, count)) },
    }),
  },
  {
    notebook: '05-difference',
    saved: { count: 4, times: 200 },
    parameters: { count: 3, times: 50 },
    cells: ({ count, times: each }) => ({
      processes: { stdout: [...times(count, new RegExp(`^Process-\\d MainThread: counter = ${each}$`)), ['MainProcess: counter = 0']] },
      threads: {
        stdout: [...times(count, /^MainProcess Thread-\d: counter = \d+$/), [/^MainThread: counter = \d+, 丢了 \/ lost: \d+$/]],
      },
      lock: { stdout: [[`MainThread: counter = ${Number(count) * Number(each)}, 丢了 / lost: 0`]] },
      'process-cell': { stdout: upTo(3).map((rank) => [`[copy-${rank}] counter = 1`]) },
      'after-processes': { result: '0' },
      'thread-cell': { stdout: [upTo(3).map((i) => new RegExp(`^\\[shared-\\d\\] counter = ${i + 1}$`))] },
      'after-threads': { result: '3' },
    }),
  },
]
