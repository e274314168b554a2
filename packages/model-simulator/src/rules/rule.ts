import type { CountRequest } from '../request-shape.ts'

/** A group of the API's rules: what they find at fault in a request, in their order, as the API's messages. */
export type Rule = (request: CountRequest) => Iterable<string>
