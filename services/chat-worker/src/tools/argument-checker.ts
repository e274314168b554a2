import { Slots } from '@omni2/bus'
import type { Logger } from '@omni2/service-kit'
import type { ArgumentAnswer, ArgumentQuestion } from './argument-thread.ts'
import { KillableThread } from './killable-thread.ts'
import { ArgumentsUncheckedError } from './tool-errors.ts'
import type { OfferedTool } from './toolbox.ts'

type CheckedTool = Pick<OfferedTool, 'server' | 'tool' | 'argumentSchema'>

const threadCount = 2
/** How long a tool is not checked again after its check did not end, and how many such tools are remembered. */
const sparedMs = 60_000
const sparedTools = 1000

/**
 * Checks arguments against the schemas of tools, on threads that are killed if a check does not end. Schemas come from
 * servers, and their patterns can take any time on a matching text.
 *
 * *Open*: a check waits for the other checks of its server and then for a thread, so one server never holds both. A
 * tool whose check did not end is refused for a minute. *Closed*: every check is refused.
 */
export class ArgumentChecker implements AsyncDisposable {
  readonly #threads = Array.from({ length: threadCount }, () => new KillableThread())
  readonly #idle = [...this.#threads]
  readonly #slots = new Slots(threadCount)
  readonly #servers = new Map<string, Slots>()
  readonly #spared = new Map<string, number>()
  readonly #texts = new WeakMap<CheckedTool['argumentSchema'], string>()
  readonly #log: Pick<Logger, 'warn'>

  constructor({ log }: { log: Pick<Logger, 'warn'> }) {
    this.#log = log
  }

  /** What is wrong with a call's arguments, in words for the model; undefined when they fit. Throws ArgumentsUncheckedError. */
  async check(tool: CheckedTool, input: unknown, signal?: AbortSignal): Promise<string | undefined> {
    const question = { schema: this.#writeSchema(tool), input: JSON.stringify(input) ?? 'null' }
    this.#refuseSpared(tool)
    using _turn = await this.#takeTurn(tool.server, signal)
    using _slot = await this.#slots.take(signal)
    this.#refuseSpared(tool)
    const answer = await this.#ask(question)
    if (!answer) throw this.#spare(tool)
    return answer.complaint
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread[Symbol.asyncDispose]()))
  }

  async #ask(question: ArgumentQuestion): Promise<ArgumentAnswer | undefined> {
    const thread = this.#idle.pop()
    if (!thread) throw new Error('a slot without a thread')
    try {
      return await thread.ask(question)
    } finally {
      this.#idle.push(thread)
    }
  }

  #writeSchema({ argumentSchema }: CheckedTool): string {
    const text = this.#texts.get(argumentSchema) ?? JSON.stringify(argumentSchema)
    this.#texts.set(argumentSchema, text)
    return text
  }

  async #takeTurn(server: string, signal: AbortSignal | undefined): Promise<Disposable> {
    const turns = this.#servers.get(server) ?? new Slots(1)
    this.#servers.set(server, turns)
    return turns.take(signal)
  }

  #refuseSpared({ server, tool }: CheckedTool): void {
    const until = this.#spared.get(nameKey(server, tool)) ?? 0
    if (performance.now() < until) throw new ArgumentsUncheckedError('spared')
  }

  #spare({ server, tool }: CheckedTool): Error {
    const key = nameKey(server, tool)
    this.#spared.delete(key)
    this.#spared.set(key, performance.now() + sparedMs)
    const [oldest = key] = this.#spared.keys()
    if (this.#spared.size > sparedTools) this.#spared.delete(oldest)
    this.#log.warn({ server, tool }, 'tool arguments not checked in time')
    return new ArgumentsUncheckedError('not checked in time')
  }
}

const nameKey = (server: string, tool: string): string => JSON.stringify([server, tool])
