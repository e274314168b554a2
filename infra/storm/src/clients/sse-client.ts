import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createParser } from 'eventsource-parser'
import { isEnd } from '../check/check-ends.ts'
import type { AskedTurn, Frame, SeenFrame } from '../record.ts'
import { noteFrame, writeQuestion, type ClientDeps, type OpenTurn } from './client.ts'

/** Refusals that end a question without a turn. */
const final = new Set([400, 401, 403, 413, 422])

/** A client of the SSE bridge: asks, loses its stream, resumes after its last event, until the end. */
export class SseClient {
  readonly #deps: ClientDeps
  #count = 0

  constructor(deps: ClientDeps) {
    this.#deps = deps
  }

  async run(): Promise<void> {
    const { ending, giveUp } = this.#deps
    while (!ending.aborted && !giveUp.aborted) await this.#askOnce()
  }

  async #askOnce(): Promise<void> {
    const { name, user, random, asked, giveUp } = this.#deps
    this.#count += 1
    const key = `${name}-${this.#count}-${randomUUID()}`
    const text = writeQuestion(`${name}-${this.#count}`, random)
    const turn: AskedTurn & { session_id: string } = {
      client: name,
      user_id: user.id,
      session_id: '',
      text,
      accepted: false,
      ended: false,
    }
    const open: OpenTurn = { asked: turn, client_msg_id: key, message: { message: text }, attempt: 0, seq: 0 }
    while (!giveUp.aborted && !turn.ended) {
      const isOver = await this.#stream(open, key).catch(() => false)
      if (isOver) break
      await sleep(random.between(100, 1500), undefined, { signal: giveUp }).catch(() => {})
    }
    if (turn.session_id !== '') asked.push(turn)
  }

  /** One request and its events; true where nothing more is to be had. */
  async #stream(open: OpenTurn, key: string): Promise<boolean> {
    const { user, host, random, giveUp, connections, name, now } = this.#deps
    const { asked } = open
    const cut = AbortSignal.any([giveUp, AbortSignal.timeout(random.between(1000, 15_000))])
    const authorization = `Bearer ${user.token}`
    const response = await (asked.accepted
      ? fetch(`http://${host}/ask/stream/${asked.session_id}`, {
          headers: { authorization, 'last-event-id': `${asked.session_id}:${open.attempt}:${open.seq}` },
          signal: cut,
        })
      : fetch(`http://${host}/ask/stream`, {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json', 'idempotency-key': key },
          body: JSON.stringify(open.message),
          signal: cut,
        }))
    const named = response.headers.get('x-session-id')
    if (named) Object.assign(asked, { session_id: named })
    if (response.status === 204) {
      asked.ended = true
      return true
    }
    if (!response.ok) {
      await response.body?.cancel()
      return final.has(response.status) && !asked.accepted
    }
    const frames: SeenFrame[] = []
    connections.push({ client: name, user_id: user.id, kind: 'sse', frames })
    const parser = createParser({
      onEvent: ({ event, data }) => {
        // Each error comes under two names.
        if (event === 'turn_error') return
        const frame = JSON.parse(data) as Frame
        frames.push({ at: now(), frame })
        if (frame.type === 'accepted' || Number(frame['attempt']) > 0) noteFrame(open, frame)
        if (isEnd(frame)) asked.ended = true
      },
    })
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) parser.feed(decoder.decode(chunk, { stream: true }))
    return asked.ended
  }
}
