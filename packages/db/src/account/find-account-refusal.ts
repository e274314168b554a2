import type { LoginState } from '../queries/select-login-state.ts'

/** What the database says of an account, its block and the login that it is used by. */
interface AccountFacts {
  /** Null where there is no such account. */
  readonly active: boolean | null
  /** Null where the account has no block. */
  readonly is_blocked: boolean | null
  /** Null for all of them. */
  readonly blocked_services: readonly string[] | null
  /** `unknown` is no refusal: access tokens of an existing deployment come from logins that have no row. */
  readonly login_state: LoginState
}

/** The facts that each refusal is found by. */
interface FactsOf {
  account_inactive: 'active'
  blocked: 'is_blocked' | 'blocked_services'
  login_revoked: 'login_state'
  login_expired: 'login_state'
}

/** Why an account may not be used, as a code of contracts. */
export type AccountRefusal = keyof FactsOf

/** What an account is wanted for, by the names that blocks have for it. */
type BlockableService = 'chat' | 'mcp'

type Rule = (account: Partial<AccountFacts>, services: readonly BlockableService[]) => boolean

/** In the order in which they count. */
const rules: { readonly [Code in AccountRefusal]: Rule } = {
  account_inactive: ({ active }) => active !== true,
  blocked: ({ is_blocked, blocked_services }, services) =>
    is_blocked === true && services.some((name) => blocked_services?.includes(name) ?? true),
  login_revoked: ({ login_state }) => login_state === 'revoked',
  login_expired: ({ login_state }) => login_state === 'expired',
}

const codes = Object.keys(rules) as AccountRefusal[]

/**
 * The first reason why an account may not be used now; undefined where it may.
 *
 * The order is account, block, login: what only an administrator can lift comes before what the user mends by logging in
 * once more, so that no user is sent to log in only to read then that the account is inactive or blocked.
 *
 * A caller names the refusals that it ignores, and says why; it needs the facts of the others only, and a refusal that is
 * new here counts everywhere. A block counts where it is for one of `services`.
 */
export function findAccountRefusal<Ignored extends AccountRefusal = never>(
  account: Pick<AccountFacts, FactsOf[Exclude<AccountRefusal, Ignored>]>,
  { ignoring = [], services = ['chat'] }: AccountUse<Ignored> = {},
): Exclude<AccountRefusal, Ignored> | undefined {
  const counts = (code: AccountRefusal): code is Exclude<AccountRefusal, Ignored> =>
    !ignoring.some((ignored) => ignored === code)
  return codes.filter(counts).find((code) => rules[code](account, services))
}

interface AccountUse<Ignored extends AccountRefusal> {
  readonly ignoring?: readonly Ignored[]
  readonly services?: readonly BlockableService[]
}
