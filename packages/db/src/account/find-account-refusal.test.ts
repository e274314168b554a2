import { expect, test } from 'vitest'
import { tabulateAccounts } from '@omni2/testkit'
import { type AccountRefusal, findAccountRefusal } from './find-account-refusal.ts'

/** In their order. */
const codes: AccountRefusal[] = ['account_inactive', 'blocked', 'login_revoked', 'login_expired']

test('find account refusal - account, then block, then login', () => {
  expect(tabulateAccounts((account) => findAccountRefusal(account))).toEqual({
    'active, block: none lifted mcp other empty': '- - login_expired login_revoked',
    'active, block: all chat mcp+chat': 'blocked',
    inactive: 'account_inactive',
    'no account': 'account_inactive',
  })
})

const everySet = codes.reduce<AccountRefusal[][]>(
  (sets, code) => sets.flatMap((set) => [set, [...set, code]]),
  [[]],
)

test.each(everySet.map((ignoring) => ({ ignoring })))(
  'find account refusal - the first but $ignoring',
  ({ ignoring }) => {
    const allBut = (code: AccountRefusal) => codes.filter((other) => other !== code)
    const expected = tabulateAccounts((account) =>
      codes
        .filter((code) => !ignoring.includes(code))
        .find((code) => findAccountRefusal(account, { ignoring: allBut(code) }) === code),
    )
    expect(tabulateAccounts((account) => findAccountRefusal(account, { ignoring }))).toEqual(expected)
  },
)

test.each([
  [['chat'] as const, 'all chat mcp+chat'],
  [['mcp'] as const, 'all mcp mcp+chat'],
  [['chat', 'mcp'] as const, 'all chat mcp mcp+chat'],
])('find account refusal - for %j a block counts that is for one of them', (services, blocks) => {
  const found = tabulateAccounts((account) =>
    findAccountRefusal(account, { services, ignoring: ['login_revoked', 'login_expired'] }),
  )
  expect(found[`active, block: ${blocks}`]).toBe('blocked')
})

test('find account refusal - the facts of what is ignored need not be read', () => {
  const loginOnly = { login_state: 'revoked' } as const
  expect(findAccountRefusal(loginOnly, { ignoring: ['account_inactive', 'blocked'] })).toBe('login_revoked')
  // @ts-expect-error the account was not read
  expect(findAccountRefusal(loginOnly, { ignoring: ['blocked'] })).toBe('account_inactive')
})
