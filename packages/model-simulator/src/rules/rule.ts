import type { ApiVersion } from '../request/check-headers.ts'
import type { CountRequest, MessagesRequest } from '../request/request-shape.ts'

/** What the rules look at: a request that is to be answered, or to be counted only. */
export type RuledRequest = CountRequest & Partial<MessagesRequest>

/** A group of the API's rules: what they find at fault in a request, in their order, as the API's messages. */
export type Rule = (request: RuledRequest, version: ApiVersion) => Iterable<string>
