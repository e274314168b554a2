import type { Behaviour } from '../behaviour/parse-behaviour.ts'
import { encodeEvent } from './encode-event.ts'
import { failReply, isFinal } from './fail-reply.ts'
import type { ReplyEvent } from './list-events.ts'
import type { Step } from './step.ts'

/** Turns the events of a reply into what a player does, with what the behaviour puts between them. */
export function* scriptStream(
  events: Iterable<ReplyEvent>,
  behaviour: Behaviour,
  requestId: string,
): Generator<Step> {
  for (const { step, position } of placeSteps(events)) {
    if (step !== undefined) yield step
    if (position === undefined) continue
    yield* insertEvents(behaviour, position.tokens)
    const { failure } = behaviour
    if (failure === undefined || failure.at !== position.tokens) continue
    yield* failReply(failure, behaviour, requestId)
    if (isFinal(failure)) return
  }
  yield { do: 'end', outcome: 'finished' }
}

interface PlacedStep {
  readonly step?: Step
  /** Set where something may happen behind the step: before the response, after 0 tokens, after 1, … */
  readonly position?: { readonly tokens: number | undefined }
}

function* placeSteps(events: Iterable<ReplyEvent>): Generator<PlacedStep> {
  let tokens = 0
  yield { position: { tokens: undefined } }
  for (const { event, piece } of events) {
    const text = encodeEvent(event)
    if (piece !== undefined) {
      yield { step: { do: 'write', text, pieces: [piece], paced: true }, position: { tokens: ++tokens } }
    } else {
      yield { step: { do: 'write', text }, ...(event.type === 'message_start' && { position: { tokens } }) }
    }
  }
}

function* insertEvents({ pingEvery, unknownAt }: Behaviour, tokens: number | undefined): Generator<Step> {
  if (tokens === undefined) return
  if (pingEvery !== undefined && tokens > 0 && tokens % pingEvery === 0) {
    yield { do: 'write', text: encodeEvent({ type: 'ping' }) }
  }
  if (unknownAt === tokens) yield { do: 'write', text: encodeEvent({ type: 'future_event' }) }
}
