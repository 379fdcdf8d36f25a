import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { Sink } from '../output/sink.ts'
import { type InputAnswer, Word } from './inside.ts'
import { currentOwner } from './owner.ts'

export interface InputOptions {
  /** Shows dots for what is typed. Default: false. */
  readonly password?: boolean
}

/** Asks the user, in the cell that runs. The answers come over a port that the supervisor fills, so that waiting may block. */
export class Input {
  /** Whether the front end that runs the cell can answer. */
  allowed = false
  readonly #sink: Sink
  readonly #port: MessagePort
  readonly #words: Int32Array
  readonly #answers = new Map<number, string>()
  #lastId = 0
  #asking = 0

  constructor(sink: Sink, port: MessagePort, words: Int32Array) {
    this.#sink = sink
    this.#port = port
    this.#words = words
  }

  /** Blocks until the user has answered. */
  ask(prompt: string, options: InputOptions = {}): string {
    return this.#wait(this.#request(prompt, options))
  }

  /** What an Output widget shows by now, as notebooks store it. */
  outputs(widget: string): unknown {
    const id = ++this.#lastId
    this.#sink.event({ type: 'outputs', owner: currentOwner(), id, widget })
    return JSON.parse(this.#wait(id))
  }

  #wait(id: number): string {
    for (;;) {
      const seen = Atomics.load(this.#words, Word.inputs)
      this.#receive()
      const answer = this.#take(id)
      if (answer !== undefined) return answer
      Atomics.wait(this.#words, Word.inputs, seen)
    }
  }

  /** Lets timers and other work go on until the user has answered. */
  async askLater(prompt: string, options: InputOptions = {}): Promise<string> {
    const id = this.#request(prompt, options)
    this.#asking++
    try {
      return await this.#answered(id)
    } finally {
      this.#asking--
    }
  }

  /** Whether somebody waits for the user, without blocking. */
  get isAsking(): boolean {
    return this.#asking > 0
  }

  async #answered(id: number): Promise<string> {
    for (;;) {
      const seen = Atomics.load(this.#words, Word.inputs)
      this.#receive()
      const answer = this.#take(id)
      if (answer !== undefined) return answer
      await Atomics.waitAsync(this.#words, Word.inputs, seen).value
    }
  }

  /** Why nobody is asked. */
  refusal(): Error {
    return new Error('This front end does not take input: run the cell where somebody can answer.')
  }

  #request(prompt: string, { password = false }: InputOptions): number {
    if (!this.allowed) throw this.refusal()
    const id = ++this.#lastId
    this.#sink.event({ type: 'input', owner: currentOwner(), id, prompt, password })
    return id
  }

  #take(id: number): string | undefined {
    const answer = this.#answers.get(id)
    this.#answers.delete(id)
    return answer
  }

  #receive(): void {
    for (let received = receiveMessageOnPort(this.#port); received; received = receiveMessageOnPort(this.#port)) {
      const { id, value } = received.message as InputAnswer
      this.#answers.set(id, value)
    }
  }
}
