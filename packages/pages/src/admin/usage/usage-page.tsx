import type { ApiAnswers } from '../../session/api-answers.ts'
import { useState } from 'react'
import { Link } from 'wouter'
import { useApi } from '../../session/session.tsx'
import { usePages } from '../../session/use-pages.ts'
import { DataTable, numbers } from '../../ui/data-table.tsx'
import { formatCost, formatNumber } from '../../ui/format.ts'
import { MoreButton } from '../../ui/more-button.tsx'
import { ListState } from '../list-state.tsx'
import { adminPath } from '../use-change.ts'

/** What turns used and cost, by UTC day, user and model. */
export function UsagePage() {
  const api = useApi()
  const [since, setSince] = useState('')
  const [until, setUntil] = useState('')
  const days = { ...(since !== '' && { since }), ...(until !== '' && { until }) }
  const list = usePages(
    ['usage', days],
    (cursor, signal) =>
      api.request<ApiAnswers['readUsage']>('GET', `${adminPath}/usage`, {
        query: { ...days, cursor, limit: 100 },
        signal,
      }),
    { keepsRows: true },
  )
  const total = list.first?.total
  return (
    <section aria-label="Usage" className="admin-part">
      <div className="follow-form">
        <label className="filter">
          <span>From</span>
          <input
            className="input"
            type="date"
            value={since}
            onChange={({ target }) => setSince(target.value)}
          />
        </label>
        <label className="filter">
          <span>To</span>
          <input
            className="input"
            type="date"
            value={until}
            onChange={({ target }) => setUntil(target.value)}
          />
        </label>
        <p className="soft">Days are of UTC. Without a first day: the last week.</p>
      </div>
      {total && (
        <dl className="facts">
          {[
            ['Turns', formatNumber(total.requests)],
            ['Cost', formatCost(total.cost_usd)],
            ['Tokens read', formatNumber(total.tokens_input)],
            ['From cache', formatNumber(total.tokens_cached)],
            ['Tokens written', formatNumber(total.tokens_output)],
            ['Lost with workers', formatNumber(total.tokens_abandoned)],
          ].map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <ListState of={list} empty="No turn has ended in these days." />
      {list.items.length > 0 && (
        <DataTable
          label="Usage"
          columns={[
            'Day',
            'User',
            'Model',
            numbers('Turns'),
            numbers('Read'),
            numbers('Written'),
            numbers('Cost'),
          ]}
        >
          {list.items.map((row) => (
            <tr key={`${row.day} ${row.user_id} ${row.model}`}>
              <td>{row.day}</td>
              <td>
                <Link href={`/analytics/flow-history?user_id=${row.user_id}`}>
                  {row.username ?? row.user_id}
                </Link>
              </td>
              <td>{row.model ?? '–'}</td>
              <td className="number">{formatNumber(row.requests)}</td>
              <td className="number">{formatNumber(row.tokens_input)}</td>
              <td className="number">{formatNumber(row.tokens_output)}</td>
              <td className="number">{formatCost(row.cost_usd)}</td>
            </tr>
          ))}
        </DataTable>
      )}
      <MoreButton list={list} />
    </section>
  )
}
