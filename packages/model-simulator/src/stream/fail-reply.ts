import { ApiError } from '../api-error.ts'
import type { Behaviour, Failure } from '../behaviour/parse-behaviour.ts'
import { encodeEvent } from './encode-event.ts'
import type { Step } from './step.ts'

/** The error a behaviour asks for. */
export function makeFailure(failure: Extract<Failure, { kind: 'error' }>, behaviour: Behaviour): ApiError {
  const { retryAfterSeconds, errorCode: code } = behaviour
  return new ApiError(failure.type, `the simulator was asked for ${failure.type}`, {
    retryAfterSeconds,
    code,
  })
}

/** What a player does when a failure's position is reached. */
export function* failReply(failure: Failure, behaviour: Behaviour, requestId: string): Generator<Step> {
  switch (failure.kind) {
    case 'error':
      yield { do: 'write', text: encodeEvent(makeFailure(failure, behaviour).toBody(requestId)) }
      return yield { do: 'end', outcome: 'failed' }
    case 'reset':
      return yield { do: 'reset' }
    case 'stall':
      return yield { do: 'pause', ms: failure.ms ?? Infinity }
    case 'truncate':
      return yield { do: 'end', outcome: 'truncated' }
  }
}

/** Whether nothing comes after a failure. */
export function isFinal(failure: Failure): boolean {
  return failure.kind !== 'stall' || failure.ms === undefined
}
