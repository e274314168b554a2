import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream'
import type { BusRequest, StreamName } from '@omni2/contracts'
import { Seldom, withDeadline, type Logger } from '@omni2/service-kit'
import { RequestError, TimeoutError, type Msg, type NatsConnection } from '@nats-io/transport-node'
import type { z } from 'zod'
import {
  AnswerTimeoutError,
  NoResponderError,
  PublishRefusedError,
  PublishUnknownError,
} from './bus-errors.ts'
import { askGroup } from './ask-group.ts'
import { RepeatBudget } from './repeat-budget.ts'
import { publishDurably, type DurableAck, type DurableOptions } from './publish-durably.ts'
import { Slots } from './slots.ts'
import {
  abandonConnection,
  notifyListeners,
  watchConnection,
  type ConnectionListener,
} from './watch-connection.ts'

export interface Subscription {
  unsubscribe(): void
}

/** Durable publishes in flight at once; more of them only wait longer (measured). */
const publishesOutstanding = 64

/** Longest wait for everything published and subscribed to be handled before the connection is closed, in milliseconds. */
const drainDeadlineMs = 2000

/**
 * One service's connection to NATS. It is connected, or away and reconnecting by itself; while it is away core
 * publishes are lost and requests fail. Listeners are called on both changes. Closed is final.
 */
export class Bus implements AsyncDisposable {
  readonly jetstream: JetStreamClient
  readonly #connection: NatsConnection
  readonly #log: Logger
  readonly #repeats = new RepeatBudget()
  readonly #seldom = new Seldom()
  readonly #publishSlots = new Slots(publishesOutstanding)
  readonly #listeners = new Set<ConnectionListener>()

  constructor(connection: NatsConnection, log: Logger) {
    this.#connection = connection
    this.#log = log
    this.jetstream = jetstream(connection, { timeout: 2000 })
    void watchConnection(connection, this.#listeners, log)
  }

  /** Adds a listener for a lost connection, its return, and failed durable publishes. */
  listen(listener: ConnectionListener): void {
    this.#listeners.add(listener)
  }

  openManager(): Promise<JetStreamManager> {
    return jetstreamManager(this.#connection, { checkAPI: false, timeout: 2000 })
  }

  /** Publishes to current subscribers; without any, or while the connection is away, the message is lost silently. */
  publish(subject: string, payload: Uint8Array | string): void {
    this.#connection.publish(subject, payload)
  }

  /** Stores a message in its stream under an id; see publishDurably. */
  async publishDurably(
    subject: string,
    payload: Uint8Array | string,
    options: DurableOptions,
  ): Promise<DurableAck> {
    using _slot = await this.#publishSlots.take(options.signal)
    try {
      return await publishDurably(this.jetstream, subject, payload, options)
    } catch (error) {
      if (error instanceof PublishRefusedError || error instanceof PublishUnknownError)
        notifyListeners(this.#listeners, (listener) => listener.onPublishFailed?.(error), this.#log)
      throw error
    }
  }

  /** Reads a message that a stream still holds; undefined where it does not. */
  async readStored(stream: StreamName, seq: number): Promise<unknown> {
    const manager = await this.openManager()
    const message = await manager.streams.getMessage(stream, { seq })
    return message?.json()
  }

  /**
   * Asks and parses the answer; in a group of those who answer, another one too if the first is silent. Throws
   * NoResponderError, AnswerTimeoutError, or ZodError for an unreadable answer.
   */
  async request<Asked extends z.ZodType, Answered extends z.ZodType>(
    { subject, reply, group, isSlow }: BusRequest<Asked, Answered>,
    value: z.input<Asked>,
    { timeoutMs }: { timeoutMs: number },
  ): Promise<z.output<Answered>> {
    try {
      const ask = (timeout: number) => this.#connection.request(subject, JSON.stringify(value), { timeout })
      const message = await (group === undefined || isSlow
        ? ask(timeoutMs)
        : askGroup(ask, { timeoutMs, budget: this.#repeats }))
      return reply.parse(message.json())
    } catch (error) {
      if (error instanceof RequestError && error.isNoResponders()) throw new NoResponderError(subject, error)
      if (error instanceof TimeoutError) throw new AnswerTimeoutError(subject, error)
      throw error
    }
  }

  /** Asks everyone who listens and parses what has come after a while; an answer that cannot be read is logged and left out. */
  async gather<Asked extends z.ZodType, Answered extends z.ZodType>(
    { subject, reply }: BusRequest<Asked, Answered>,
    value: z.input<Asked>,
    { waitMs }: { waitMs: number },
  ): Promise<z.output<Answered>[]> {
    const answers = await this.#connection.requestMany(subject, JSON.stringify(value), {
      strategy: 'timer',
      maxWait: waitMs,
    })
    const read: z.output<Answered>[] = []
    try {
      for await (const message of answers) {
        const { data, error } = reply.safeParse(message.json())
        if (error) this.#log.warn({ err: error, subject }, 'answer not understood')
        else read.push(data)
      }
    } catch (error) {
      if (!(error instanceof RequestError && error.isNoResponders())) throw error
    }
    return read
  }

  /**
   * Answers requests; one that cannot be read or answered gets no answer, as one that gets undefined, and is logged, one
   * a minute for each subject.
   */
  answer<Asked extends z.ZodType, Answered extends z.ZodType>(
    { subject, request, group }: BusRequest<Asked, Answered>,
    answer: (value: z.output<Asked>) => Promise<z.input<Answered> | undefined>,
  ): Subscription {
    const respondTo = async (message: Msg) => {
      try {
        const reply = await answer(request.parse(message.json()))
        if (reply !== undefined) message.respond(JSON.stringify(reply))
      } catch (error) {
        this.#seldom.say(subject, (left) =>
          this.#log.error({ err: error, subject, left_out: left }, 'request not answered'),
        )
      }
    }
    return this.#connection.subscribe(subject, {
      ...(group === undefined ? {} : { queue: group }),
      callback: (error, message) => {
        if (error) this.#log.error({ err: error, subject }, 'subscription refused')
        else void respondTo(message)
      },
    })
  }

  /** Hands every message of a subject to a callback as it was read; one that cannot be read or used is logged. */
  hear<T>(subject: string, message: z.ZodType<T>, receive: (value: T) => void | Promise<void>): Subscription {
    const read = async (payload: Uint8Array) => {
      try {
        await receive(message.parse(JSON.parse(new TextDecoder().decode(payload))))
      } catch (err) {
        this.#log.error({ err, subject }, 'message not understood or not applied')
      }
    }
    return this.subscribe(subject, (payload) => void read(payload))
  }

  /** Hands every message of a subject to a callback as its bytes, in order. */
  subscribe(subject: string, receive: (payload: Uint8Array, subject: string) => void): Subscription {
    return this.#connection.subscribe(subject, {
      callback: (error, message) => {
        if (error) this.#log.error({ err: error, subject }, 'subscription refused')
        else receive(message.data, message.subject)
      },
    })
  }

  /** Waits until the server has handled everything published and subscribed so far. */
  flush(): Promise<void> {
    return this.#connection.flush()
  }

  /** Milliseconds to the server and back; rejects while the connection is away. */
  measureRoundTrip(): Promise<number> {
    return this.#connection.rtt()
  }

  /** Largest message that the server takes; undefined while that is not known. */
  get maxPayloadBytes(): number | undefined {
    return this.#connection.info?.max_payload
  }

  get isClosed(): boolean {
    return this.#connection.isClosed()
  }

  /** Flushes and closes, or only closes when that takes too long; handlers must have finished, their acks would be dropped. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#connection.isClosed()) return
    // A drain waits for its server, without end while the server is away.
    const abandon = () => abandonConnection(this.#connection)
    const closed = Promise.race([this.#connection.drain(), this.#connection.closed()])
    await withDeadline(closed, { ms: drainDeadlineMs }).catch(abandon)
  }
}
