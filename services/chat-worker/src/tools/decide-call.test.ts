import { expect, test } from 'vitest'
import { tabulateAccounts, type TestAccount } from '@omni2/testkit'
import { decideCall } from './decide-call.ts'

const findRule = (account: TestAccount, server_active: boolean) => {
  const permission = { ...account, mcp_access: ['*'], tool_restrictions: null, server_active }
  const decision = decideCall({ server: 'files', tool: 'read_file' }, permission)
  return decision.permitted ? undefined : decision.rule
}

test('a tool call - blocks for mcp count, and a login that merely runs out lets its turn end', () => {
  expect(tabulateAccounts((account) => findRule(account, true))).toEqual({
    'active, block: none lifted other empty': '- - - login_revoked',
    'active, block: all chat mcp mcp+chat': 'blocked',
    inactive: 'account_inactive',
    'no account': 'account_inactive',
  })
})

test('a tool call - the server is looked at when nothing is against the account', () => {
  expect(tabulateAccounts((account) => findRule(account, false))).toEqual({
    'active, block: none lifted other empty': 'server_inactive server_inactive server_inactive login_revoked',
    'active, block: all chat mcp mcp+chat': 'blocked',
    inactive: 'account_inactive',
    'no account': 'account_inactive',
  })
})
