import { describeModel } from '../models.ts'
import type { RuledRequest } from './rule.ts'

/** What of lengths and sampling depends on the model; the bounds that hold for all stand with the fields. */
export function* numberRules(request: RuledRequest): Iterable<string> {
  const { model, max_tokens: maxTokens = 0 } = request
  const { maxOutputTokens } = describeModel(model)
  if (maxTokens > maxOutputTokens)
    yield `max_tokens: ${maxTokens} > ${maxOutputTokens}, which is the maximum allowed number of output tokens for ${model}`
  yield* stopRules(request.stop_sequences ?? [])
  yield* samplingRules(request)
}

function* stopRules(sequences: readonly string[]): Iterable<string> {
  if (sequences.includes('')) yield 'stop_sequences: each stop sequence must be non-empty'
  if (sequences.some((sequence) => sequence.trim() === ''))
    yield 'stop_sequences: each stop sequence must contain non-whitespace'
}

function* samplingRules(request: RuledRequest): Iterable<string> {
  const { model, temperature, top_p, top_k } = request
  const { thinking } = describeModel(model)
  const changed = { temperature: temperature ?? 1, top_p: top_p ?? 1, top_k: top_k === undefined ? 1 : 0 }
  if (thinking === 'adaptive' || thinking === 'always')
    for (const [name, value] of Object.entries(changed))
      if (value !== 1) yield `${name}: \`${name}\` is deprecated for this model`
  if (temperature !== undefined && top_p !== undefined)
    yield '`temperature` and `top_p` cannot both be specified for this model'
}
