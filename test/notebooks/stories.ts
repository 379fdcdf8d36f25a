import { pathOf } from '../support/system.ts'

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

const VEGETABLES = ['土豆', '青椒', '藕', '胡萝卜', '茄子', '莴笋']
const fried = (count: string | number | undefined, cut = ''): string[] => upTo(count).map((i) => `炒${VEGETABLES[i % VEGETABLES.length]}${cut}`)

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
      copied: { stdout: [['1999000 1999000', '拷贝更快 / the copy is faster: true']], result: 'true' },
    }),
  },
  {
    notebook: '06-pool',
    saved: { items: 40, effort: 200_000 },
    parameters: { items: 6, effort: 2000 },
    cells: ({ items }) => ({
      program: { stdout: [['10 万以内的素数 / primes below 100,000: 9592', '每个核一个进程 / a process for each core: true']] },
      bar: { stdout: [[`${items} true`]] },
      stream: { stdout: [['1', '4', '9', '16', '25', '36', '49']] },
      error: {
        stdout: [['3 RangeError: 七不行 / not seven', '1 WorkerEnded: it ended with exit code 42 while it had item 1', '[ 2, 3, 4 ]']],
      },
      threads: { stdout: [['3']] },
      end: { result: 'true' },
    }),
  },
  {
    notebook: '07-pipeline',
    saved: { count: 5, pace: 60 },
    parameters: { count: 3, pace: 10 },
    cells: ({ count }) => ({
      pipeline: { stdout: [fried(count, '丝')] },
      faster: { stdout: fried(count, '丝').map((line) => [line]) },
      events: { stdout: times(2, new RegExp(`^${2 * Number(count)} 样东西 / things, 最久等了 / the longest wait: \\d+ ms$`)) },
      save: { stdout: [[String(2 * Number(count))]] },
      magic: { stdout: [fried(count).map((line) => `[cook-1] ${line}`)] },
    }),
  },
  {
    notebook: '08-race',
    saved: { workers: 4, times: 100 },
    parameters: { workers: 3, times: 20 },
    cells: ({ workers, times: each }) => ({
      race: { stdout: [[/^counter = \d+, 丢了 \/ lost: \d+$/]] },
      why: { stdout: [['counter = 1']] },
      lock: { stdout: [[`counter = ${3 * Number(workers)}, 丢了 / lost: 0`, '等锁的次数 / times that somebody waited: true']] },
      shared: { stdout: [[/^numbers\[0\] = \d+, 丢了 \/ lost: \d+$/]] },
      atomics: { stdout: [[`numbers[0] = ${5_000_000 * Number(workers)}, 丢了 / lost: 0`]] },
      value: { stdout: [[`total = ${Number(workers) * Number(each)}`]] },
    }),
  },
  {
    notebook: '09-crash',
    saved: { code: 42, memory: 64 },
    parameters: { code: 7, memory: 80 },
    cells: ({ code, memory }) => ({
      report: { stdout: [['exitCode 0, signal undefined: 返回 / returned 7']] },
      exit: { stdout: [[`exitCode ${code}, signal undefined: exiting: WorkerEnded: it ended with exit code ${code} before its target returned`]] },
      exception: {
        stdout: [['exitCode 1, signal undefined: throwing: RangeError: 七不行 / not seven']],
      },
      signal: {
        stdout: [[
          'exitCode -9, signal SIGKILL: killed: WorkerEnded: it was ended by SIGKILL before its target returned',
          'exitCode -11, signal SIGSEGV: faulty: WorkerEnded: it was ended by SIGSEGV before its target returned',
        ]],
      },
      memory: { stdout: new RegExp(`: greedy: OutOfMemory: it used \\d+ MB of memory, more than its maxMemory of ${memory} MB, and was ended\\n$`) },
      others: {
        stdout: [['我拿着锁 / I have the lock', 'ConnectionClosed', '锁又有了 / the lock again: true', 'MainThread, holder']],
        stderr: 'holder ended while it held a Lock, which is released now.\n',
      },
      pool: { stdout: [['1', `WorkerEnded: it ended with exit code ${code} while it had a call`, '9', '16']] },
      patience: { stdout: [['结束了吗 / has it ended: false', '结束了吗 / has it ended: true -9 SIGKILL']] },
      alive: { result: "'笔记还在 / the notebook is still here'" },
    }),
  },
  {
    notebook: '10-amdahl',
    saved: { share: 0.8, mostWorkers: 4, milliseconds: 200 },
    parameters: { share: 0.5, mostWorkers: 2, milliseconds: 10 },
    cells: ({ share, mostWorkers }) => ({
      law: {
        stdout: [upTo(mostWorkers).map((i) => {
          const formula = (1 / (1 - Number(share) + Number(share) / (i + 1))).toFixed(2)
          return new RegExp(`^${i + 1} 个工人 / workers: 公式 / formula ${formula.replace('.', '\\.')}, 实测 / measured \\d+\\.\\d\\d$`)
        })],
      },
    }),
  },
  {
    notebook: '11-display',
    saved: { points: 40, noise: 0.2 },
    parameters: { points: 24, noise: 0 },
    cells: ({ points }) => ({
      data: {},
      plot: { stdout: [[String(points)]] },
      vega: {},
      handle: { stdout: [['完成 / done']] },
      image: {},
    }),
  },
  {
    notebook: '12-cluster',
    saved: { machines: 2, count: 4, calls: 1000 },
    parameters: { machines: 1, count: 3, calls: 100 },
    cells: ({ machines, count, calls }) => {
      // What is saved was made with a Redis.
      const hasRedis = calls === 1000 || pathOf('redis-server') !== undefined
      const hello = (who: string): Line[][] => upTo(2).map((rank) => [new RegExp(`^\\[${who}\\] 你好 / hello ${rank + 1}/2$`)])
      const names = upTo(machines).map((i) => `local-${i + 1}`)
      return {
        thread: { stdout: hello('Thread-\\d') },
        process: { stdout: hello('Process-\\d') },
        connect: { stdout: [hasRedis ? [`机器 / machines: ${names.join(', ')}`] : [/Install it/, '机器 / machines: 只有这一台 / this one alone']] },
        cluster: { stdout: hello(hasRedis ? 'Process-\\d@local-\\d' : 'Process-\\d') },
        queue: { result: `'${upTo(count).map((n) => n ** 2).join(' ')}'` },
        pool: { stdout: [[`${calls === 1000 ? 168 : 25} 个质数 / primes < ${calls}`]] },
        fault: { stdout: [['完成 / done']] },
      }
    },
  },
]
