/** Warnings for the reader of an answer that did not end as the model meant it; texts for people. */
export const warnings = {
  /** `stop_reason: max_tokens` */
  max_tokens: 'The answer was cut: it reached its longest length.',
  /** The same, if a budget left less than the longest length. */
  budget: 'The answer was cut: the budget for this period leaves no room for more.',
  model_context_window_exceeded: 'The answer was cut: the conversation fills the model’s context window.',
  refusal: 'The model declined to answer.',
  rounds: 'The tools were used as often as one turn allows; the answer may be incomplete.',
} as const
