/** The same in Python, as a user of ipykernel would write it. */
const setup = `import json, multiprocessing, os, queue, threading, time
fork, spawn = multiprocessing.get_context('fork'), multiprocessing.get_context('spawn')
def nothing(): pass
def idle(): time.sleep(600)
def timed(work, times=1):
  begin = time.perf_counter()
  for i in range(times): work()
  return (time.perf_counter() - begin) * 1000 / times
def one(worker):
  worker.start()
  worker.join()
def fifty():
  workers = [fork.Process(target=nothing) for i in range(50)]
  for worker in workers: worker.start()
  for worker in workers: worker.join()
one(fork.Process(target=nothing))
one(spawn.Process(target=os.getpid))
one(threading.Thread(target=nothing))`

const starts = `print(json.dumps({
  'forkOne': timed(lambda: one(fork.Process(target=nothing)), 30),
  'forkFifty': timed(fifty),
  'spawnOne': timed(lambda: one(spawn.Process(target=os.getpid)), 10),
  'threadOne': timed(lambda: one(threading.Thread(target=nothing)), 100)
}))`

const queues = `COUNT, ROUNDS, BUFFERS, MEGABYTE = 20_000, 2000, 64, 2 ** 20
def put_numbers(queue, go):
  while go.get():
    for i in range(COUNT): queue.put(i)
def messages(make_queue, make_worker):
  numbers, go = make_queue(), make_queue()
  worker = make_worker(target=put_numbers, args=(numbers, go))
  worker.start()
  def get():
    go.put(1)
    for i in range(COUNT): numbers.get()
  best = min(timed(get) for i in range(4))
  go.put(0)
  worker.join()
  return COUNT / best * 1000
def echo(there, back):
  while True:
    item = there.get()
    if item is None: return
    back.put(item)
def latency():
  there, back = fork.Queue(), fork.Queue()
  worker = fork.Process(target=echo, args=(there, back))
  worker.start()
  def round_trip():
    there.put(1)
    back.get()
  timed(round_trip, 200)
  time = timed(round_trip, ROUNDS)
  there.put(None)
  worker.join()
  return time / 2
def put_buffers(queue, go):
  go.get()
  for i in range(BUFFERS): queue.put(bytes(MEGABYTE))
def throughput():
  buffers, go = fork.Queue(), fork.Queue()
  worker = fork.Process(target=put_buffers, args=(buffers, go))
  worker.start()
  go.put(1)
  buffers.get()
  def get():
    for i in range(1, BUFFERS): buffers.get()
  time = timed(get)
  worker.join()
  return (BUFFERS - 1) * MEGABYTE / 1e6 / time * 1000
print(json.dumps({
  'queueProcess': messages(fork.Queue, fork.Process), 'queueLatency': latency(), 'queueBytes': throughput(),
  'queueThread': messages(queue.Queue, threading.Thread)
}))`

const pool = `def primes(start):
  count = 0
  for n in range(start, start + 3000):
    d = 2
    while d * d <= n and n % d: d += 1
    if d * d > n: count += 1
  return count
items = [1_000_000 + i for i in range(48)]
def mapped(size):
  with fork.Pool(size) as pool:
    pool.map(primes, items[:size], chunksize=1)
    return timed(lambda: pool.map(primes, items, chunksize=1))
size = len(os.sched_getaffinity(0))
alone, together = mapped(1), mapped(size)
print(json.dumps({ 'poolIdeal': alone / size / together }))`

const idleProcesses = `workers = [fork.Process(target=idle) for i in range(8)]
for worker in workers: worker.start()
time.sleep(1.5)
print(json.dumps({ 'pids': 8 }))`

export const togetherInPython = {
  setup,
  measures: [starts, queues, pool],
  idle: { memoryProcess: idleProcesses },
  stop: 'for worker in workers:\n  worker.kill()\n  worker.join()'
}
