import type { IncomingMessage, ServerResponse } from 'node:http'
import { foreignOrigin } from '@omni2/contracts'
import type { OriginRules } from '@omni2/service-kit'
import { UpgradeRefused } from '../upgrade-refused.ts'
import { answerRefusal } from './answer-refusal.ts'

type Deps = { readonly origins: OriginRules } & Parameters<typeof answerRefusal>[2]

/** Answers a browser that asks whether a page may send a request; no proof comes with it, and it does nothing. */
export function answerPreflight(
  { headers: { origin = '', host } }: Pick<IncomingMessage, 'headers'>,
  response: ServerResponse,
  deps: Deps,
): void {
  if (deps.origins.allows(origin, { host })) response.writeHead(204).end()
  else answerRefusal(response, new UpgradeRefused(foreignOrigin), deps)
}
