import './flow-history-page.css'
import { type Page } from '@omni2/client'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link, useSearchParams } from 'wouter'
import { useApi } from '../session/session.tsx'
import { usePages } from '../session/use-pages.ts'
import { useRights } from '../session/use-rights.ts'
import { Busy } from '../ui/busy.tsx'
import { Callout } from '../ui/callout.tsx'
import { describeError } from '../ui/describe-error.ts'
import { MoreButton } from '../ui/more-button.tsx'
import { useTitle } from '../ui/use-title.ts'
import { ExportButtons } from './export-buttons.tsx'
import { FilterBar } from './filter-bar.tsx'
import { FlowCharts } from './flow-charts.tsx'
import { type FlowFilter, readFilter, toQuery, writeFilter } from './flow-filter.ts'
import type { Flow, FlowGroup, FlowStatistics } from './flow.ts'
import { FlowTable, GroupTable } from './flow-table.tsx'

/** Pause between two looks at what is new, in milliseconds. */
const lookMs = 10_000

const path = '/analytics/flow-history'

/** What happened: single turns or whole conversations, charts over the range; the address says what is shown. */
export default function FlowHistoryPage() {
  useTitle('Flow history')
  const [address, setAddress] = useSearchParams()
  const filter = useMemo(() => readFilter(address), [address])
  const statistics = useStatistics(filter)
  const list = useList(filter)
  const { items } = list
  const isOperator = useRights().data?.is_operator ?? false
  const addressOf = (changed: Partial<FlowFilter>) => {
    const query = writeFilter({ ...filter, ...changed }).toString()
    return query === '' ? path : `${path}?${query}`
  }
  const views = { turns: 'Single turns', conversations: 'Conversations' } as const
  return (
    <main className="history">
      <div className="history-head">
        <h1>Flow history</h1>
        <nav className="views" aria-label="View">
          {(['turns', 'conversations'] as const).map((view) => (
            <Link
              key={view}
              href={addressOf({ view })}
              aria-current={filter.view === view ? 'page' : undefined}
            >
              {views[view]}
            </Link>
          ))}
        </nav>
      </div>
      <FilterBar
        filter={filter}
        isOperator={isOperator}
        onChange={(changed) => setAddress(writeFilter(changed))}
      />
      {filter.conversationId !== '' && (
        <p className="one-conversation">
          Turns of one conversation. <Link href={addressOf({ conversationId: '' })}>Show all</Link>
        </p>
      )}
      {statistics.data && filter.conversationId === '' && <FlowCharts statistics={statistics.data} />}
      {statistics.error && <Callout kind="error">{describeError(statistics.error)}</Callout>}
      {list.isPending && <Busy label="Loading…" />}
      {list.error && <Callout kind="error">{describeError(list.error)}</Callout>}
      {list.isSuccess && items.length === 0 && (
        <p className="soft nothing">No turns match. Widen the range or clear the filters.</p>
      )}
      {items.length > 0 &&
        (filter.view === 'turns' ? (
          <FlowTable flows={items as Flow[]} isOperator={isOperator} />
        ) : (
          <GroupTable
            groups={items as FlowGroup[]}
            isOperator={isOperator}
            hrefOf={(conversationId) => addressOf({ view: 'turns', conversationId })}
          />
        ))}
      {items.length > 0 && filter.view === 'turns' && <ExportButtons filter={filter} />}
      <MoreButton list={list} />
    </main>
  )
}

function useStatistics(filter: FlowFilter) {
  const api = useApi()
  return useQuery({
    queryKey: ['flow-statistics', filter],
    queryFn: ({ signal }) =>
      api.request<FlowStatistics>('GET', '/api/v1/flow-statistics', {
        query: toQuery(filter, Date.now()),
        signal,
      }),
    placeholderData: (before) => before,
    refetchInterval: lookMs,
  })
}

function useList(filter: FlowFilter) {
  const api = useApi()
  const list = filter.view === 'turns' ? '/api/v1/flows' : '/api/v1/flow-groups'
  return usePages(
    [list, filter],
    (cursor, signal) =>
      api.request<Page<Flow | FlowGroup>>('GET', list, {
        query: { ...toQuery(filter, Date.now()), cursor, limit: 50 },
        signal,
      }),
    { refetchInterval: lookMs },
  )
}
