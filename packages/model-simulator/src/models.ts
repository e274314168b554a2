/** What a model takes, as far as the API refuses requests by it. */
export interface ModelTraits {
  readonly contextTokens: number
  readonly maxOutputTokens: number
  /** `budget`: by `budget_tokens` only; `both`: that and adaptive; `adaptive`: without budgets; `always`: never off. */
  readonly thinking: 'budget' | 'both' | 'adaptive' | 'always'
}

const families: readonly (readonly [RegExp, ModelTraits])[] = [
  [
    /^claude-(opus|sonnet|haiku)-4-5/,
    { contextTokens: 200_000, maxOutputTokens: 64_000, thinking: 'budget' },
  ],
  [/^claude-(opus|sonnet)-4-6/, { contextTokens: 1_000_000, maxOutputTokens: 128_000, thinking: 'both' }],
  [
    /^claude-(opus-5-5|fable-|mythos-)/,
    { contextTokens: 1_000_000, maxOutputTokens: 128_000, thinking: 'always' },
  ],
  [
    /^claude-(opus-4-[78]|opus-5|sonnet-5|haiku-5)/,
    { contextTokens: 1_000_000, maxOutputTokens: 128_000, thinking: 'adaptive' },
  ],
]

const unknown: ModelTraits = { contextTokens: 1_000_000, maxOutputTokens: 128_000, thinking: 'both' }

/** The traits of a model by its name; a name of no known family has the widest. Source: the API's models overview. */
export function describeModel(model: string): ModelTraits {
  return families.find(([name]) => name.test(model))?.[1] ?? unknown
}
