import { expect, test } from 'vitest'
import { readCounts } from './read-counts.ts'

test.each<[unknown, object]>([
  [
    { input_tokens: 40, cache_read_input_tokens: 7, cache_creation_input_tokens: 3, output_tokens: 12 },
    { input: 40, cacheRead: 7, cacheWrite: 3, output: 12 },
  ],
  [
    { input_tokens: 0, cache_read_input_tokens: 7, output_tokens: 0 },
    { input: 0, cacheRead: 7, output: 0 },
  ],
  [{ input_tokens: 4, cache_read_input_tokens: null, output_tokens: null }, { input: 4 }],
  [
    { input_tokens: 4, cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 3 } },
    { input: 4, cacheWrite: 5 },
  ],
  // A gateway that counts at the other end of the stream.
  [{ input_tokens: 0, output_tokens: 12 }, { output: 12 }],
  [{ input_tokens: -1, output_tokens: 1.5 }, {}],
  [{ input_tokens: '40', output_tokens: 3e9, cache_creation: 'none' }, {}],
  [null, {}],
  [undefined, {}],
  ['many', {}],
  [[40], {}],
])('%j counts as %j', (usage, counted) => {
  expect(readCounts(usage)).toEqual(counted)
})
