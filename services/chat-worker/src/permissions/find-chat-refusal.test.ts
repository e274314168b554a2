import { expect, test } from 'vitest'
import { tabulateAccounts } from '@omni2/testkit'
import { findChatRefusal } from './find-chat-refusal.ts'

test('chat.open - a login that merely runs out is welcome: the edge ends it', () => {
  expect(tabulateAccounts((account) => findChatRefusal(account)?.code)).toEqual({
    'active, block: none lifted mcp other empty': '- - - login_revoked',
    'active, block: all chat mcp+chat': 'blocked',
    inactive: 'account_inactive',
    'no account': 'account_inactive',
  })
})

test.each([
  ['the custom message', { custom_block_message: ' Pay first ', block_reason: 'unpaid' }, 'Pay first'],
  ['else the reason', { custom_block_message: ' ', block_reason: 'unpaid' }, 'unpaid'],
  ['else the standard text', { custom_block_message: null, block_reason: null }, 'Access blocked'],
])('a blocked user reads %s', (_name, texts, message) => {
  const account = { active: true, login_state: 'live', is_blocked: true, blocked_services: null } as const
  expect(findChatRefusal({ ...account, ...texts })).toEqual({ code: 'blocked', message })
})
