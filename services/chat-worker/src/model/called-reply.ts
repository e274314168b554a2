import type { ModelFailure } from './classify-failure.ts'
import type { ModelReply } from './stream-reply.ts'

/** A reply of the model; with a failure it is the reply so far. */
export interface CalledReply extends ModelReply {
  failure: ModelFailure | undefined
}
