import type { ModelFailure } from './classify-failure.ts'
import type { ModelReply } from './stream-reply.ts'

/** A reply of the model; with a failure it is what was said before it. */
export interface CalledReply extends ModelReply {
  failure: ModelFailure | undefined
}
