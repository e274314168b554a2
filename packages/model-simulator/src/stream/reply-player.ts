import type { ServerResponse } from 'node:http'
import type { Exchange } from '../log/exchange.ts'
import type { Step } from './step.ts'

export interface Pace {
  readonly firstTokenMs: number
  readonly paceMs: number
}

/**
 * Plays a script into a response, with one timer at most.
 *
 * Ready: takes the next step. Waiting: a timer is armed, for a token's turn or a pause. Blocked: the connection took
 * all it can, until it drains. Over: the script has ended, the connection was reset, or the client has left.
 * Tokens have fixed times from the start on, so a late one does not make the next ones late.
 */
export class ReplyPlayer {
  readonly #script: Iterator<Step>
  readonly #response: ServerResponse
  readonly #exchange: Exchange
  readonly #pace: Pace
  #dueAt = 0
  #held: Step | undefined
  #timer: NodeJS.Timeout | undefined
  #over = false

  constructor(script: Iterator<Step>, deps: { response: ServerResponse; exchange: Exchange; pace: Pace }) {
    this.#script = script
    this.#response = deps.response
    this.#exchange = deps.exchange
    this.#pace = deps.pace
  }

  start(): void {
    this.#dueAt = performance.now() + this.#pace.firstTokenMs
    this.#response.once('close', () => this.#stop())
    this.#advance()
  }

  #stop(): void {
    this.#over = true
    clearTimeout(this.#timer)
  }

  readonly #advance = (): void => {
    while (!this.#over) {
      const step = this.#held ?? this.#script.next().value
      if (step === undefined || !this.#perform(step)) return
    }
  }

  /** Whether the next step may follow at once; if not, something calls #advance later, or nothing follows. */
  #perform(step: Step): boolean {
    switch (step.do) {
      case 'write':
        return this.#isDue(step) && this.#write(step)
      case 'pause':
        return this.#pause(step.ms)
      case 'reset':
        return this.#reset()
      case 'end':
        return this.#end(step.outcome)
    }
  }

  #isDue(step: Extract<Step, { do: 'write' }>): boolean {
    this.#held = undefined
    if (step.paced !== true) return true
    const waitMs = Math.ceil(this.#dueAt - performance.now())
    if (waitMs > 0) {
      this.#held = step
      this.#timer = setTimeout(this.#advance, waitMs)
      return false
    }
    this.#dueAt += this.#pace.paceMs
    return true
  }

  #write(step: Extract<Step, { do: 'write' }>): boolean {
    this.#exchange.wrote(step.text, step.pieces)
    if (this.#response.write(step.text)) return true
    this.#response.once('drain', this.#advance)
    return false
  }

  #pause(ms: number): boolean {
    if (ms !== Infinity) this.#timer = setTimeout(this.#advance, ms)
    this.#dueAt += ms
    return false
  }

  /** A reset throws away what the socket still holds, so it waits for the last write to be on its way. */
  #reset(): boolean {
    const { socket } = this.#response
    this.#exchange.ended('reset')
    if (this.#response.headersSent) this.#response.write('', () => socket?.resetAndDestroy())
    else socket?.resetAndDestroy()
    return false
  }

  #end(outcome: 'finished' | 'failed' | 'truncated'): boolean {
    this.#exchange.ended(outcome)
    this.#response.end()
    return false
  }
}
