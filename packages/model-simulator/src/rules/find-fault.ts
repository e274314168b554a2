import type { ApiVersion } from '../request/check-headers.ts'
import { cacheRules } from './cache.ts'
import { contentRules } from './content.ts'
import { numberRules } from './numbers.ts'
import type { Rule, RuledRequest } from './rule.ts'
import { thinkingRules } from './thinking.ts'
import { toolChoiceRules } from './tool-choice.ts'
import { toolSchemaRules } from './tool-schema.ts'
import { toolUseRules } from './tool-use.ts'
import { versionRules } from './version.ts'

const groups: readonly Rule[] = [
  versionRules,
  numberRules,
  thinkingRules,
  toolSchemaRules,
  toolChoiceRules,
  cacheRules,
  contentRules,
  toolUseRules,
]

/** The first of the API's rules that a request breaks, as the message of its 400. */
export function findFault(request: RuledRequest, version: ApiVersion): string | undefined {
  for (const rules of groups) for (const fault of rules(request, version)) return fault
  return undefined
}
