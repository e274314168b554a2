import { expect, test } from 'vitest'
import { tabulateAccounts, type TestAccount } from '@omni2/testkit'
import { AccessRefused } from '../access-refused.ts'
import { admitUser } from './check-login.ts'

/** The code and whose proof it was. */
function findRefusal(account: TestAccount): string | undefined {
  try {
    admitUser({ id: 7, username: 'ada', role_name: null, ...account, active: account.active ?? false })
    return undefined
  } catch (error) {
    if (!(error instanceof AccessRefused)) throw error
    return `${error.code}:${error.userId}`
  }
}

test('a proof - only the login counts: inactive and blocked users get the reason in a frame', () => {
  const byLogin = '- - login_expired:7 login_revoked:7'
  expect(tabulateAccounts(findRefusal)).toEqual({ active: byLogin, inactive: byLogin, 'no account': byLogin })
})
