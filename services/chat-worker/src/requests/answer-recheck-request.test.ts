import { expect, test } from 'vitest'
import { tabulateAccounts, type TestAccount } from '@omni2/testkit'
import { findRefusal } from './answer-recheck-request.ts'

const recheck = (account: TestAccount) =>
  findRefusal({ ...account, active: account.active ?? false, userId: 7, sid: 'a' })

test('chat.recheck - refuses as chat.open', () => {
  expect(tabulateAccounts((account) => recheck(account)?.code)).toEqual({
    'active, block: none lifted mcp other empty': '- - - login_revoked',
    'active, block: all chat mcp+chat': 'blocked',
    inactive: 'account_inactive',
    'no account': 'account_inactive',
  })
})

test.each([
  ['account_inactive', '', { active: false }],
  ['blocked', 'Pay first', { active: true, is_blocked: true }],
  ['login_revoked', '', { active: true, login_state: 'revoked' }],
] as const)('chat.recheck - names the login; %s has the message "%s"', (code, message, facts) => {
  const block = {
    is_blocked: false,
    blocked_services: null,
    block_reason: 'Pay first',
    custom_block_message: null,
  }
  const standing = { userId: 7, sid: 'a', login_state: 'live', ...block, ...facts } as const
  expect(findRefusal(standing)).toEqual({ user_id: 7, sid: 'a', code, message })
})
