import { expect, test } from 'vitest'
import { tabulateAccounts } from '@omni2/testkit'
import { findActorRefusal } from './admit-request.ts'

test('the console judges the login, then the account; blocks are not for it', () => {
  const found = tabulateAccounts((account) =>
    findActorRefusal({ ...account, active: account.active ?? false }),
  )
  expect(found).toEqual({
    active: '- - login_expired login_revoked',
    inactive: 'account_inactive account_inactive login_expired login_revoked',
    'no account': 'account_inactive account_inactive login_expired login_revoked',
  })
})
