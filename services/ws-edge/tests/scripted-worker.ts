import {
  type CancelReply,
  type CancelRequest,
  encodeTurnFrame,
  makeQuestionDigest,
  isTerminalFrameType,
  type OpenReply,
  type OpenRequest,
  type RecheckReply,
  type RecheckRequest,
  requests,
  type ResultReply,
  type ServerFrameType,
  type SnapshotReply,
  streamNames,
  subjects,
  type TurnMessage,
  turnMessageSchema,
} from '@omni2/contracts'
import { ensureStreams, openBus, type Bus, type JsMsg } from '@omni2/bus'
import { openLogger } from '@omni2/service-kit'
import type { TestNats } from '@omni2/testkit'

/** What a turn asks, as its row and its owner say it. */
export const askedBy = ({ text, replaces }: TurnMessage) => ({
  question: text,
  replaces,
  digest: makeQuestionDigest({ text, replaces }),
})

/** The other side of the bus: gives the answers that a test sets, as the NATS user of chat-worker. */
export async function openScriptedWorker(nats: TestNats): Promise<ScriptedWorker> {
  const log = openLogger({ name: 'scripted-worker', instance: 'test', level: 'silent' })
  const url = nats.urlFor('chat-worker')
  return new ScriptedWorker(
    await openBus({ url, user: 'chat-worker', name: 'test', connectDeadlineMs: 10_000, log }),
  )
}

export const result = (answer: string) => ({
  answer,
  model: 'test-model',
  stop_reason: 'end_turn',
  iterations: 1,
  tool_calls: 0,
  tools_used: [],
  tokens_input: 1,
  tokens_output: 1,
  tokens_cached: 0,
  cost_usd: 0,
  duration_ms: 1,
  first_token_ms: 1,
  queue_ms: 1,
})

export class ScriptedWorker implements AsyncDisposable {
  readonly bus: Bus
  readonly opened: OpenRequest[] = []
  /** How `chat.open` is answered; undefined leaves it unanswered. */
  open: (request: OpenRequest) => Promise<OpenReply | undefined> | OpenReply | undefined = () => ({
    allowed: true,
    welcome: 'Hello!',
    limits: [],
  })
  readonly #attempts = new Map<string, Attempt>()
  /** What the row of a turn says once its first attempt has sent the end; before that it is unknown. */
  readonly readEnd = (turnId: string, userId: number): ResultReply => {
    const attempt = this.#attempts.get(turnId)
    const frame = attempt?.turn.identity.user_id === userId ? attempt.end : undefined
    if (attempt === undefined || frame === undefined) return { state: 'unknown' }
    return { state: 'ended', frame, asked: askedBy(attempt.turn) }
  }
  /** How `chat.result` is answered. */
  result: (turnId: string, userId: number) => ResultReply = this.readEnd
  asked = 0
  readonly cancelled: CancelRequest[] = []
  /** How `chat.cancel` is answered; undefined leaves it unanswered. */
  cancel: (request: CancelRequest) => CancelReply | undefined = () => ({ state: 'requested' })
  readonly rechecked: RecheckRequest[] = []
  /** How `chat.recheck` is answered. */
  recheck: (request: RecheckRequest) => RecheckReply['refused'] = () => []
  readonly #stopping = new AbortController()

  constructor(bus: Bus) {
    this.bus = bus
  }

  /** Makes the streams and begins to answer. */
  async start(): Promise<void> {
    await this.makeStreams()
    this.answerOpen()
    this.bus.answer(requests.result, async (request) => {
      this.asked += 1
      return this.result(request.session_id, request.user_id)
    })
    this.bus.answer(requests.cancel, async (request) => {
      this.cancelled.push(request)
      return this.cancel(request)
    })
    this.bus.answer(requests.recheck, async (request) => {
      this.rechecked.push(request)
      return { refused: this.recheck(request) }
    })
    await this.bus.flush()
  }

  async makeStreams(): Promise<void> {
    const manager = await this.bus.openManager()
    await ensureStreams(manager, { streams: streamNames, consumer: 'chat-worker' })
  }

  answerOpen(): { unsubscribe(): void } {
    return this.bus.answer(requests.open, async (request) => {
      this.opened.push(request)
      return this.open(request)
    })
  }

  /** The first attempt at a turn whose message was taken. */
  attempt(turn: TurnMessage): Attempt {
    const attempt = new Attempt(turn, 1, this.bus)
    this.#attempts.set(turn.session_id, attempt)
    return attempt
  }

  /** Takes the next turn out of the queue. */
  async takeTurn(): Promise<Attempt> {
    const message = await this.takeMessage()
    message.ack()
    return this.attempt(turnMessageSchema.parse(message.json()))
  }

  /** Keeps asking, also while NATS is away. */
  async takeMessage(): Promise<JsMsg> {
    for (;;) {
      const message = await this.#pull().catch(() => null)
      if (message) return message
      this.#stopping.signal.throwIfAborted()
    }
  }

  async #pull(): Promise<JsMsg | null> {
    const consumer = await this.bus.jetstream.consumers.get('CHAT_TURNS', 'chat-worker')
    return consumer.next({ expires: 1000 })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    await this.bus[Symbol.asyncDispose]()
  }
}

/** One attempt at a turn, sent frame by frame. */
export class Attempt {
  readonly turn: TurnMessage
  readonly number: number
  readonly #bus: Bus
  #seq = 0
  #text = ''
  #end: string | undefined

  constructor(turn: TurnMessage, number: number, bus: Bus) {
    this.turn = turn
    this.number = number
    this.#bus = bus
  }

  /** Sends a frame and returns its bytes. */
  send(type: ServerFrameType, body: Record<string, unknown> = {}): Uint8Array {
    const bytes = this.lose(type, body)
    if (isTerminalFrameType(type)) this.#end = Buffer.from(bytes).toString()
    this.#bus.publish(subjects.reply(this.turn, type), bytes)
    return bytes
  }

  /** Makes a frame that never arrives. */
  lose(type: ServerFrameType, body: Record<string, unknown> = {}): Uint8Array {
    this.#seq += 1
    if (type === 'token') this.#text += String(body['text'])
    const { session_id } = this.turn
    return encodeTurnFrame({ type, session_id, attempt: this.number, from: this.#seq, seq: this.#seq }, body)
  }

  say(text: string): Uint8Array {
    return this.send('token', { text })
  }

  finish(): Uint8Array {
    return this.send('done', { result: result(this.#text) })
  }

  /** Ends the turn with a frame that never arrives; returns it as its row would have it. */
  loseEnd(): string {
    return Buffer.from(this.lose('done', { result: result(this.#text) })).toString()
  }

  /** The terminal frame, once it is sent. */
  get end(): string | undefined {
    return this.#end
  }

  /** What the owner would answer now; it forgets a turn that it has ended. */
  get snapshot(): SnapshotReply {
    if (this.#end !== undefined) return { known: false }
    return { known: true, attempt: this.number, seq: this.#seq, text: this.#text }
  }

  /** Begins to answer for the turn as its owner. */
  async own(
    answer: () => SnapshotReply | undefined | Promise<SnapshotReply> = () => this.snapshot,
  ): Promise<{ unsubscribe(): void }> {
    const snapshot = requests.owner.snapshot(this.turn.session_id)
    const owned = this.#bus.answer(snapshot, async ({ user_id }) =>
      user_id === this.turn.identity.user_id ? answer() : { known: false as const },
    )
    await this.#bus.flush()
    return owned
  }

  /** Ends as cancelled, with what was said. */
  finishCancelled(): Uint8Array {
    return this.send('cancelled', { result: { ...result(this.#text), stop_reason: 'cancelled' } })
  }

  /** The next attempt at the same turn. */
  retry(): Attempt {
    return new Attempt(this.turn, this.number + 1, this.#bus)
  }
}
