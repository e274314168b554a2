import { expect, test } from 'vitest'
import { tabulateAccounts } from '@omni2/testkit'
import { blockCheck } from './block-check.ts'

test('block check - blocks for chat, whatever the account and its login', () => {
  const found = tabulateAccounts((account) => blockCheck(account).refusal?.code)
  expect(found).toEqual(
    Object.fromEntries(
      ['active', 'inactive', 'no account'].flatMap((kind) => [
        [`${kind}, block: none lifted mcp other empty`, '-'],
        [`${kind}, block: all chat mcp+chat`, 'blocked'],
      ]),
    ),
  )
})
