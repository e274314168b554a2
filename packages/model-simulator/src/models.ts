/** What a model takes, as far as the API refuses requests by it. */
export interface ModelTraits {
  readonly contextTokens: number
  readonly maxOutputTokens: number
  /** `budget`: by `budget_tokens` only; `both`: that and adaptive; `adaptive`: without budgets; `always`: never off. */
  readonly thinking: 'budget' | 'both' | 'adaptive' | 'always'
  /** Whether system messages may stand between the others. */
  readonly takesSystemMessages: boolean
}

const newest: ModelTraits = {
  contextTokens: 1_000_000,
  maxOutputTokens: 128_000,
  thinking: 'adaptive',
  takesSystemMessages: true,
}
const older = { thinking: 'budget', takesSystemMessages: false } as const

const families: readonly (readonly [RegExp, ModelTraits])[] = [
  [/^claude-(opus|sonnet|haiku)-4-5/, { contextTokens: 200_000, maxOutputTokens: 64_000, ...older }],
  [/^claude-(opus|sonnet)-4-6/, { ...newest, thinking: 'both', takesSystemMessages: false }],
  [/^claude-opus-4-7/, { ...newest, takesSystemMessages: false }],
  [/^claude-(opus-5-5|fable-|mythos-)/, { ...newest, thinking: 'always' }],
  [/^claude-(opus-4-8|opus-5|sonnet-5|haiku-5)/, newest],
]

/** The traits of a model by its name; one of no known family takes all that any takes. */
export function describeModel(model: string): ModelTraits {
  return families.find(([name]) => name.test(model))?.[1] ?? { ...newest, thinking: 'both' }
}
