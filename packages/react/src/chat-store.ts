import { type Chat, ChatError, type ChatEvent, connect, type ConnectOptions, type Reply } from '@omni2/client'
import type { ChatState, Exchange } from './chat-state.ts'
import { applyEvent, beginExchange, hasEnded } from './follow-reply.ts'
import { paceFrames, type Schedule } from './pace-frames.ts'

export type ChatStoreOptions = Omit<ConnectOptions, 'onReply' | 'onEvent' | 'signal'>

/**
 * A chat as a value that changes, outside of any component. Open from the start: it connects, reconnects and takes
 * messages at once, which wait until they can be sent. Closed: nothing changes any more; turns go on at the server.
 */
export class ChatStore {
  readonly #listeners = new Set<() => void>()
  readonly #replies = new Map<string, Reply>()
  readonly #closing = new AbortController()
  readonly #schedule: Schedule
  readonly #opening: Promise<Chat>
  #state: ChatState
  #isScheduled = false
  #count = 0

  constructor(options: ChatStoreOptions, schedule: Schedule = paceFrames()) {
    this.#schedule = schedule
    this.#state = {
      connection: { type: 'connecting' },
      conversationId: options.conversationId,
      welcome: undefined,
      limits: [],
      exchanges: [],
    }
    this.#opening = connect({
      ...options,
      signal: this.#closing.signal,
      onReply: (reply) => this.#follow(reply),
      onEvent: (event) => this.#meet(event),
    })
    this.#opening.catch((error: unknown) => this.#fail(error))
  }

  /** The state as of the last notice; the same object until the next one. */
  readonly getState = (): ChatState => this.#state

  /** Calls a listener after changes; returns what removes it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Sends a message; `replaces`: the turn that it edits. Resolves to the key of its exchange. */
  async send(text: string, { replaces }: { replaces?: string | undefined } = {}): Promise<string> {
    const chat = await this.#opening
    return this.#follow(chat.send(text, { replaces }))
  }

  /** Stops a turn, or withdraws a message that waits; its end comes as an event. */
  stop(key: string): void {
    this.#replies.get(key)?.cancel()
    this.#change(key, (exchange) => (hasEnded(exchange) ? exchange : { ...exchange, state: 'stopping' }))
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    this.#closing.abort()
    const chat = await this.#opening.catch(() => undefined)
    await chat?.close()
  }

  #follow(reply: Reply): string {
    this.#count += 1
    const key = reply.clientMsgId ?? reply.turnId ?? `reply-${this.#count}`
    this.#replies.set(key, reply)
    this.#set({ exchanges: [...this.#state.exchanges, beginExchange(key, reply)] })
    void this.#read(key, reply)
    return key
  }

  async #read(key: string, reply: Reply): Promise<void> {
    for await (const event of reply.events()) {
      this.#change(key, (exchange) => applyEvent(exchange, event, reply))
      const limits = readLimits(event)
      if (limits) this.#set({ limits })
    }
    this.#replies.delete(key)
  }

  #meet(event: ChatEvent): void {
    switch (event.type) {
      case 'connected': {
        const { welcome } = event
        const { conversation_id: conversationId, limits } = welcome
        return this.#set({ connection: { type: 'connected' }, welcome, conversationId, limits })
      }
      case 'disconnected':
        return this.#set({ connection: { type: 'reconnecting', retryAt: Date.now() + event.retryInMs } })
      case 'closed':
        return this.#set({ connection: { type: 'closed', error: event.error } })
      case 'frame':
        return
    }
  }

  #fail(error: unknown): void {
    if (this.#closing.signal.aborted) return
    const known = error instanceof ChatError ? error : new ChatError('connection_failed', String(error))
    this.#set({ connection: { type: 'closed', error: known } })
  }

  #change(key: string, change: (exchange: Exchange) => Exchange): void {
    const exchanges = this.#state.exchanges.map((exchange) =>
      exchange.key === key ? change(exchange) : exchange,
    )
    this.#set({ exchanges })
  }

  #set(changed: Partial<ChatState>): void {
    this.#state = { ...this.#state, ...changed }
    if (this.#isScheduled) return
    this.#isScheduled = true
    this.#schedule(() => {
      this.#isScheduled = false
      for (const listener of this.#listeners) listener()
    })
  }
}

function readLimits(event: {
  type: string
  result?: object
  error?: ChatError
}): ChatState['limits'] | undefined {
  if (event.error) return event.error.limits
  const { limits } = (event.result ?? {}) as { limits?: ChatState['limits'] }
  return limits
}
