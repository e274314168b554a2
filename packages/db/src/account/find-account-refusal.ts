import type { LoginState } from '../queries/select-login-state.ts'

/** The rows of an account, of its block and of the login in use. */
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

/** Services that a block can be for, by their names in blocks. */
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
 * The order is account, block, login: refusals that only an administrator can lift come before those that a new login
 * ends. So no user has to log in again only to read that the account is inactive or blocked.
 *
 * A caller lists the refusals that it ignores, and needs the facts of the others only. So a new refusal counts
 * everywhere. A block counts where it is for one of `services`.
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
