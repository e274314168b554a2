import type { ItemOf } from '../../session/item-of.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { useApi } from '../../session/session.tsx'
import { Callout } from '../../ui/callout.tsx'
import { describeError } from '../../ui/describe-error.ts'
import { formatCost, formatNumber } from '../../ui/format.ts'
import { type SortedColumn, SortedTable } from '../../ui/sorted-table.tsx'
import { ChangeState } from '../change-state.tsx'
import { ListState } from '../list-state.tsx'
import { adminPath, useChange } from '../use-change.ts'
import { useList } from '../use-list.ts'
import { LimitForm, type Limits } from './limit-form.tsx'

const defaultsQuery = ['limits', 'default'] as const

const fields = {
  requests_per_minute: 'Requests a minute',
  concurrent_turns: 'Turns at once',
  cost_daily: 'USD a day',
  period_days: 'Days of a period',
  max_requests: 'Requests in a period',
  max_tokens: 'Tokens in a period',
  max_cost: 'USD in a period',
}

/** The limits of users who have no others, and who is near a limit. */
export function LimitsPage({ mayChange }: { readonly mayChange: boolean }) {
  const api = useApi()
  const defaults = useQuery({
    queryKey: defaultsQuery,
    queryFn: ({ signal }) => api.request<Limits | null>('GET', `${adminPath}/limits/default`, { signal }),
  })
  const save = useChange({ queryKeys: [defaultsQuery] })
  return (
    <section aria-label="Limits" className="admin-part">
      <NearLimits />
      <h2>Default limits</h2>
      <p className="soft">
        They apply where neither the user nor the role sets one. An empty limit is none. Limits of a role are
        with the role, those of one user with the user.
      </p>
      {defaults.error && <Callout kind="error">{describeError(defaults.error)}</Callout>}
      {defaults.isSuccess && (
        <LimitForm
          limits={defaults.data ?? {}}
          fields={fields}
          mayChange={mayChange}
          onSave={(limits) => save.change(['PATCH', '/limits/default', limits])}
        />
      )}
      <ChangeState of={save} />
    </section>
  )
}

type NearLimit = ItemOf<'listNearLimits'>

const kindNames: Readonly<Record<NearLimit['kind'], string>> = {
  cost_daily: 'USD today',
  requests_period: 'requests',
  tokens_period: 'tokens',
  cost_period: 'USD',
}

const nearColumns: readonly SortedColumn<NearLimit>[] = [
  {
    name: 'User',
    value: ({ username }) => username,
    cell: (row) => <Link href={`/analytics/flow-history?user_id=${row.user_id}`}>{row.username}</Link>,
  },
  {
    name: 'Limit',
    value: ({ kind, period_days }) =>
      kind === 'cost_daily' ? kindNames[kind] : `${kindNames[kind]} in ${period_days} days`,
  },
  {
    name: 'Used',
    isNumber: true,
    value: ({ used }) => used,
    cell: (row) => formatAmount(row.used, row.kind),
  },
  {
    name: 'Of',
    isNumber: true,
    value: ({ limit }) => limit,
    cell: (row) => formatAmount(row.limit, row.kind),
  },
  {
    name: 'Share',
    isNumber: true,
    value: ({ share }) => share,
    cell: ({ share }) => (
      <span className={`chip ${share >= 1 ? 'error' : 'warn'}`}>{Math.floor(share * 100)} %</span>
    ),
  },
]

function NearLimits() {
  const near = useList<NearLimit>(['limits', 'near'], '/limits/near')
  return (
    <>
      <h2>Near a limit</h2>
      <ListState of={near} empty="No user has used 70 % of a daily cost limit or of a limit of their own." />
      {near.items.length > 0 && (
        <SortedTable
          label="Near a limit"
          columns={nearColumns}
          rows={near.items}
          keyOf={(row) => `${row.user_id} ${row.kind}`}
        />
      )}
    </>
  )
}

const formatAmount = (amount: number, kind: NearLimit['kind']): string =>
  kind.startsWith('cost') ? formatCost(amount) : formatNumber(amount)
