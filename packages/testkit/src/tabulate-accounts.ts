interface Block {
  readonly is_blocked: boolean | null
  readonly blocked_services: string[] | null
}

/** An account as the database has it; it fits every row that is judged. */
export interface TestAccount extends Block {
  /** Null where there is no such account. */
  readonly active: boolean | null
  readonly login_state: (typeof logins)[number]
  readonly block_reason: null
  readonly custom_block_message: null
}

const logins = ['live', 'unknown', 'expired', 'revoked'] as const

const kinds = { active: true, inactive: false, 'no account': null }

const blocks: Readonly<Record<string, Block>> = {
  none: { is_blocked: null, blocked_services: null },
  lifted: { is_blocked: false, blocked_services: null },
  all: { is_blocked: true, blocked_services: null },
  chat: { is_blocked: true, blocked_services: ['chat'] },
  mcp: { is_blocked: true, blocked_services: ['mcp'] },
  'mcp+chat': { is_blocked: true, blocked_services: ['mcp', 'chat'] },
  other: { is_blocked: true, blocked_services: ['other'] },
  empty: { is_blocked: true, blocked_services: [] },
}

/**
 * What is found against accounts of every kind. A key is the account and its blocks, `active, block: chat mcp` or
 * `inactive` whatever its block; a value is what was found with the logins `live unknown expired revoked`, `-` for
 * nothing, or one word where it is the same for all of them.
 */
export function tabulateAccounts(find: (account: TestAccount) => string | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(kinds).flatMap(([kind, active]) => {
      const names = Object.groupBy(Object.keys(blocks), (name) => findForLogins(active, blocks[name], find))
      const groups = Object.entries(names)
      return groups.map(([found, group = []]): [string, string] => [
        groups.length === 1 ? kind : `${kind}, block: ${group.join(' ')}`,
        found,
      ])
    }),
  )
}

function findForLogins(
  active: boolean | null,
  block: Block | undefined,
  find: (account: TestAccount) => string | undefined,
): string {
  if (!block) throw new Error('no such block')
  const account = { active, ...block, block_reason: null, custom_block_message: null }
  const found = logins.map((login_state) => find({ ...account, login_state }) ?? '-')
  return new Set(found).size === 1 ? String(found[0]) : found.join(' ')
}
