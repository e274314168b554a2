import { expect, test } from 'vitest'
import { tabulateAccounts } from '@omni2/testkit'
import { authCheck } from './auth-check.ts'

const now = new Date('2026-01-01T00:00:00Z')
const seconds = now.getTime() / 1000
const inactive = { inactive: 'account_inactive', 'no account': 'account_inactive' }

test.each([
  [
    'good for another second',
    { session_exp: seconds + 1, replaced: null },
    '- - login_expired login_revoked',
  ],
  [
    'a turn of the user replaced',
    { session_exp: seconds + 1, replaced: true },
    '- - login_expired login_revoked',
  ],
  [
    'just over',
    { session_exp: seconds, replaced: null },
    'login_expired login_expired login_expired login_revoked',
  ],
  [
    'a turn of another replaced',
    { session_exp: seconds + 1, replaced: false },
    'not_found not_found login_expired login_revoked',
  ],
  [
    'both',
    { session_exp: seconds, replaced: false },
    'login_expired login_expired login_expired login_revoked',
  ],
])(
  'auth check - %s: whatever the block, by account and login',
  (_name, { session_exp, replaced }, active) => {
    const identity = { user_id: 7, username: 'ada', role: 'developer', sid: 'a', session_exp }
    const found = tabulateAccounts(
      (account) => authCheck({ ...account, replaced_known: replaced }, identity, now).refusal?.code,
    )
    expect(found).toEqual({ active, ...inactive })
  },
)
