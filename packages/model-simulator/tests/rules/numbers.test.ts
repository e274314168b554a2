import { expect, test } from 'vitest'
import { refusalOf } from './refusal-of.ts'

const older = { model: 'claude-haiku-4-5' }

test.each<[string, object]>([
  ['as much as the model can say', { max_tokens: 128_000 }],
  ['as much as an older model can say', { ...older, max_tokens: 64_000 }],
  ['nothing said, to fill the cache', { max_tokens: 0 }],
  ['the default temperature', { temperature: 1 }],
  ['sampling with an older model', { ...older, temperature: 0, top_k: 5 }],
  ['stop sequences', { stop_sequences: ['END', '\nEND'] }],
  ['a user id of 256 characters', { metadata: { user_id: 'u'.repeat(256) } }],
  ['no user id', { metadata: { user_id: null } }],
  ['an effort', { output_config: { effort: 'xhigh' } }],
])('takes %s', (_, change) => {
  expect(refusalOf(change)).toBeUndefined()
})

test.each<[string, object]>([
  ['max_tokens: Field required', { max_tokens: undefined }],
  ['max_tokens: Input should be a valid integer', { max_tokens: 1.5 }],
  ['max_tokens: Input should be a valid', { max_tokens: '10' }],
  ['max_tokens: Input should be greater than or equal to 0', { max_tokens: -1 }],
  ['max_tokens: 128001 > 128000, which is the maximum allowed', { max_tokens: 128_001 }],
  ['max_tokens: 64001 > 64000, which is the maximum allowed', { ...older, max_tokens: 64_001 }],
  ['temperature: Input should be less than or equal to 1', { ...older, temperature: 1.1 }],
  ['temperature: Input should be greater than or equal to 0', { ...older, temperature: -0.1 }],
  ['temperature: `temperature` is deprecated', { temperature: 0.5 }],
  ['top_p: Input should be less', { ...older, top_p: 2 }],
  ['top_p: `top_p` is deprecated', { top_p: 0.5 }],
  ['top_k: Input should be greater', { ...older, top_k: -1 }],
  ['top_k: `top_k` is deprecated', { top_k: 5 }],
  ['`temperature` and `top_p` cannot both', { ...older, temperature: 0.5, top_p: 0.5 }],
  ['`temperature` and `top_p` cannot both', { model: 'claude-sonnet-4-6', temperature: 0.5, top_p: 0.5 }],
  ['stop_sequences: each stop sequence must be non-empty', { stop_sequences: ['END', ''] }],
  ['stop_sequences: each stop sequence must contain non-white', { stop_sequences: ['\n'] }],
  ['stop_sequences.0: Input should be a valid string', { stop_sequences: [5] }],
  ['metadata.user_id: String should have at most 256', { metadata: { user_id: 'u'.repeat(257) } }],
  ['metadata.email: Extra inputs are not permitted', { metadata: { email: 'x' } }],
  ['stream: Input should be a valid boolean', { stream: 'yes' }],
  ['model: Field required', { model: undefined }],
  ['output_config.effort: Input should be', { output_config: { effort: 'huge' } }],
  ['service_tier: Input should be', { service_tier: 'fast' }],
  ['maxTokens: Extra inputs are not permitted', { maxTokens: 5 }],
])('refuses with "%s"', (message, change) => {
  expect(refusalOf(change)).toContain(message)
})
