import { useQuery } from '@tanstack/react-query'
import type { ApiAnswers } from '../session/api-answers.ts'
import { useApi } from '../session/session.tsx'
import { Callout } from '../ui/callout.tsx'
import { describeError } from '../ui/describe-error.ts'
import { formatDuration, formatNumber } from '../ui/format.ts'
import { type SortedColumn, SortedTable } from '../ui/sorted-table.tsx'

/** The processes that answer right now and the queues. */
type System = ApiAnswers['readSystem']
type Process = System['processes'][number]
type Queue = System['queues'][number]

/** Pause between two looks, in milliseconds. */
const lookMs = 2000

/** Edges, workers, recorders and consoles, and what waits between them. */
export function SystemView() {
  const api = useApi()
  const { data, error, dataUpdatedAt } = useQuery({
    queryKey: ['system'],
    queryFn: ({ signal }) => api.request<System>('GET', '/api/admin/v1/system', { signal }),
    refetchInterval: lookMs,
  })
  return (
    <section aria-labelledby="system">
      <h2 id="system">
        System <span className="chip">{data ? `${data.processes.length} processes` : '…'}</span>
      </h2>
      {error && <Callout kind="error">{describeError(error)}</Callout>}
      {data && <Figures system={data} now={dataUpdatedAt} />}
      {data && (
        <SortedTable
          label="Processes"
          columns={columns}
          rows={data.processes}
          keyOf={({ instance }) => instance}
        />
      )}
    </section>
  )
}

const columns: readonly SortedColumn<Process>[] = [
  { name: 'Service', value: ({ service }) => service },
  { name: 'Process', value: ({ instance }) => instance },
  {
    name: 'State',
    value: ({ is_ready }) => (is_ready ? 'ready' : 'not ready'),
    cell: ({ is_ready, missing }) => (
      <>
        <span className={`chip ${is_ready ? 'ok' : 'error'}`}>{is_ready ? 'ready' : 'not ready'}</span>
        {Object.entries(missing).map(([condition, why]) => (
          <div key={condition} className="soft">
            {condition}: {why}
          </div>
        ))}
      </>
    ),
  },
  { name: 'Has in hand', value: ({ counts }) => describeCounts(counts) },
  { name: 'Version', value: ({ version }) => version },
  {
    name: 'Runs for',
    isNumber: true,
    value: ({ started_at }) => -Date.parse(started_at),
    cell: ({ started_at }) => formatDuration(Math.max(0, Date.now() - Date.parse(started_at))),
  },
]

function Figures({ system, now }: { readonly system: System; readonly now: number }) {
  const sum = (name: string) =>
    formatNumber(system.processes.reduce((total, { counts }) => total + (counts[name] ?? 0), 0))
  const turns = system.queues.find(({ name }) => name === 'turns')
  const events = system.queues.find(({ name }) => name === 'flow_events')
  const figures = [
    ['Sockets', sum('sockets')],
    ['SSE streams', sum('streams')],
    ['Turns that workers run', `${sum('turns_running')} of ${sum('turn_slots')}`],
    ['Turns that wait', describeQueue(turns?.waiting)],
    ['Oldest waiting turn', describeAge(turns?.oldest_waiting_at, now)],
    ['Events to record', describeQueue(events && sumOf(events))],
    ['Dead letters', formatNumber(system.dead_letters)],
  ]
  return (
    <dl className="facts">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const sumOf = ({ waiting, in_hand }: Queue): number | null =>
  waiting === null || in_hand === null ? null : waiting + in_hand

const describeQueue = (count: number | null | undefined): string =>
  count === null || count === undefined ? 'not known' : formatNumber(count)

const describeAge = (since: string | null | undefined, now: number): string =>
  since === null || since === undefined ? 'none' : formatDuration(Math.max(0, now - Date.parse(since)))

const describeCounts = (counts: Process['counts']): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name.replaceAll('_', ' ')} ${formatNumber(Math.round(count))}`)
    .join(' · ')
