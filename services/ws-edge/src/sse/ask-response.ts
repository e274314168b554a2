import type { ServerResponse } from 'node:http'
import {
  readFrameHead,
  sessionIdHeader,
  type CloseCodeNumber,
  type FrameHead,
  type Identity,
} from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import { isGoodbye, makeGoodbye } from '../connection/close-socket.ts'
import type { EdgeConfig } from '../config.ts'
import type { Connections, Expulsion, ServedClient } from '../connection/connections.ts'
import { makeTurnFrame } from '../frames/make-frame.ts'
import { precedesChecks } from '../frames/precedes-checks.ts'
import type { edgeMetrics, EdgeMetrics } from '../metrics.ts'
import { lowBytes, Outbox } from '../outbox/outbox.ts'
import { answerRefusal } from './answer-refusal.ts'
import { encodeRetry, keepAliveComment } from './encode-event.ts'
import { makeEventSink } from './event-sink.ts'
import { readRefusal } from './read-refusal.ts'
import { RequestRefused } from './request-refused.ts'

interface AskDeps {
  readonly config: Pick<
    EdgeConfig,
    | 'EDGE_SSE_HOLD_MS'
    | 'EDGE_SSE_COMMENT_MS'
    | 'EDGE_OUTBOX_MAX_BYTES'
    | 'EDGE_OUTBOX_STALL_MS'
    | 'EDGE_CLOSE_DEADLINE_MS'
    | 'EDGE_RETRY_AFTER_MS'
  >
  readonly connections: Pick<Connections, 'noteHolding'>
  readonly random: () => number
  readonly metrics: Pick<EdgeMetrics, 'answers' | 'framesSent' | 'sentBytes' | 'slowReaders'>
  readonly log: Logger
}

type AnswerResult = (typeof edgeMetrics.answers.labels.result)[number]

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
}

/**
 * The response to one request of the SSE bridge. Held: no head has gone out, frames wait, and a refusal still becomes a
 * status. Streaming: the head is out and each frame is an event. Ending: the last bytes were handed over and `ended` is
 * aborted; what still comes is ignored. Closed: the response is done with or its client is gone. A client that leaves
 * ends nothing but its response: the turn goes on, and any edge answers for it.
 */
export class AskResponse implements ServedClient {
  readonly kind = 'sse'
  readonly identity: Identity
  /** A response is here for one turn only: it leaves with it. */
  readonly isBusy = true
  readonly waitingMessages = 0
  readonly #response: ServerResponse
  readonly #deps: AskDeps
  readonly #outbox: Outbox
  readonly #ending = new AbortController()
  readonly #closed = Promise.withResolvers<void>()
  #held: { bytes: Uint8Array; head: FrameHead | undefined }[] = []
  #log: Logger
  #turnId = ''
  #holdTimer: NodeJS.Timeout | undefined
  #commentTimer: NodeJS.Timeout | undefined

  constructor(response: ServerResponse, { identity }: { identity: Identity }, deps: AskDeps) {
    this.identity = identity
    this.#response = response
    this.#deps = deps
    this.#log = deps.log.child({ user_id: identity.user_id })
    const { config } = deps
    const bounds = {
      lowBytes,
      maxBytes: config.EDGE_OUTBOX_MAX_BYTES,
      stallMs: config.EDGE_OUTBOX_STALL_MS,
    }
    this.#outbox = new Outbox(makeEventSink(response), bounds, {
      onWaiting: () => deps.connections.noteHolding(this),
      onSlow: () => this.#closeSlowReader(),
      metrics: deps.metrics,
    })
    // The client may have left while its proof was verified; then no `close` event comes any more.
    if (response.closed) this.#closeUp()
    else response.once('close', () => this.#closeUp())
    response.on('error', (err) => this.#log.debug({ err }, 'response broken'))
  }

  get log(): Logger {
    return this.#log
  }

  /** Aborted once nothing more is sent. */
  get ended(): AbortSignal {
    return this.#ending.signal
  }

  /** Closes as too slow a reader. */
  giveUp(): void {
    this.#outbox.giveUp()
  }

  get bufferedBytes(): number {
    return this.#outbox.bufferedBytes
  }

  /** Resolves when the response is done with. */
  get closed(): Promise<void> {
    return this.#closed.promise
  }

  /** Whether the head is out, so that no status can be chosen any more. */
  get isStreaming(): boolean {
    return this.#response.headersSent
  }

  /** Says which turn is answered. */
  nameTurn(turnId: string): void {
    this.#turnId = turnId
    this.#log = this.#log.child({ session_id: turnId })
    if (!this.#response.headersSent) this.#response.setHeader(sessionIdHeader, turnId)
  }

  /** Holds the head no longer than this from now on. */
  limitHold(): void {
    this.#holdTimer = setTimeout(() => this.open(), this.#deps.config.EDGE_SSE_HOLD_MS)
  }

  /** Sends a frame; while the head is held, one that refuses the turn or its user becomes the status. */
  send(bytes: Uint8Array, head: FrameHead | undefined = readFrameHead(bytes)): void {
    if (this.ended.aborted) return
    if (this.isStreaming) return this.#outbox.push(bytes, head)
    const refusal = readRefusal(bytes)
    if (refusal) return this.refuse(refusal)
    this.#held.push({ bytes, head })
    if (!head || !precedesChecks(head)) this.open()
  }

  /** Lets the head and the held frames out; from now on every frame is an event. */
  open(): void {
    if (this.ended.aborted || this.isStreaming) return
    clearTimeout(this.#holdTimer)
    const { EDGE_SSE_COMMENT_MS, EDGE_RETRY_AFTER_MS } = this.#deps.config
    this.#response.writeHead(200, streamHeaders).write(encodeRetry(EDGE_RETRY_AFTER_MS))
    this.#commentTimer = setInterval(() => this.#comment(), EDGE_SSE_COMMENT_MS)
    for (const { bytes, head } of this.#held.splice(0)) this.#outbox.push(bytes, head)
  }

  /** Ends with a refusal: its status while the head is held, else an `error` event. */
  refuse(refusal: RequestRefused): void {
    if (this.ended.aborted) return
    this.#log.info({ code: refusal.code }, 'request refused')
    const { code, message, fields } = refusal
    if (this.isStreaming) {
      this.send(makeTurnFrame('error', this.#turnId, { ...fields, error: message, code }))
      return this.#finish('sent_away')
    }
    this.#end()
    answerRefusal(this.#response, refusal, this.#deps)
  }

  /** Ends without content: the client has everything, and an EventSource stops asking. */
  finishEmpty(): void {
    if (this.ended.aborted) return
    this.#end('complete')
    this.#response.writeHead(204).end()
  }

  /** Ends after the turn's last frame; a reader that takes nothing of the rest for too long is cut off. */
  finish(): void {
    this.#finish('complete')
  }

  /** Asked to leave it stays until its turn has ended; `close` follows at the deadline. */
  leave(): void {}

  /** Ends before the turn does: the client learns when to come back and resume. */
  close(code: CloseCodeNumber): void {
    if (!this.ended.aborted) this.#sendAway(code)
    const timer = setTimeout(() => this.#response.destroy(), this.#deps.config.EDGE_CLOSE_DEADLINE_MS)
    void this.closed.then(() => clearTimeout(timer))
  }

  /** Ends with why its user may no longer chat. */
  expel({ code, message }: Expulsion): void {
    this.refuse(new RequestRefused(code, message === '' ? {} : { error: message }))
  }

  #finish(result: AnswerResult): void {
    if (this.ended.aborted) return
    this.open()
    this.#outbox.flush()
    this.#end(result)
    this.#response.end()
    this.#response.setTimeout(this.#deps.config.EDGE_OUTBOX_STALL_MS, () => this.#response.destroy())
  }

  #sendAway(code: CloseCodeNumber): void {
    const { config, random } = this.#deps
    const retryAfterMs = Math.round(config.EDGE_RETRY_AFTER_MS * (1 + random()))
    if (!this.isStreaming)
      return this.refuse(new RequestRefused('unavailable', { fields: { retry_after_ms: retryAfterMs } }))
    this.#outbox.flush()
    this.#end('sent_away')
    if (isGoodbye(code)) {
      this.#response.write(encodeRetry(retryAfterMs))
      this.#outbox.sendLast(makeGoodbye(code, retryAfterMs))
    }
    this.#response.end()
    this.#log.info({ code }, 'stream ended before its turn')
  }

  #closeSlowReader(): void {
    this.#log.warn('reader is too slow')
    this.#deps.metrics.slowReaders.add(1, { kind: this.kind })
    this.close(1013)
  }

  /** Only while nothing else is on its way: a client with frames to read needs no sign of life. */
  #comment(): void {
    if (this.#response.writableLength === 0) this.#response.write(keepAliveComment)
  }

  /** Nothing more is sent, held or followed; `result`: what it is counted as, absent for refusals, which count themselves. */
  #end(result?: AnswerResult): void {
    if (result !== undefined) this.#deps.metrics.answers.add(1, { result })
    this.#held = []
    clearTimeout(this.#holdTimer)
    clearInterval(this.#commentTimer)
    this.#outbox.stop()
    this.#ending.abort()
  }

  #closeUp(): void {
    const isOver = this.ended.aborted
    if (!isOver) this.#end('client_left')
    const clean = this.#response.writableFinished
    this.#log.info({ clean }, isOver ? 'response closed' : 'client left before its turn ended')
    this.#closed.resolve()
  }
}
