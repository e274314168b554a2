import type { IncomingMessage } from 'node:http'
import { describeCrossOrigin } from '@omni2/contracts'
import type { OriginRules } from '@omni2/service-kit'
import type { Answer } from './answers.ts'

/** Lets pages of allowed origins read an answer of the gateway's own, as auth and the edges do with theirs. */
export function allowPages(
  { headers }: Pick<IncomingMessage, 'headers'>,
  answer: Answer,
  { origins }: { readonly origins: OriginRules },
): Answer {
  const isAllowed = (origin: string) => origins.allows(origin, { host: headers.host })
  return { ...answer, headers: { ...describeCrossOrigin(headers, { isAllowed }), ...answer.headers } }
}
