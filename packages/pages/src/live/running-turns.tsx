import type { ItemOf } from '../session/item-of.ts'
import type { Page } from '@omni2/client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { toneOf } from '../flows/flow.ts'
import { useApi } from '../session/session.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { DataTable, numbers } from '../ui/data-table.tsx'
import { describeError } from '../ui/describe-error.ts'
import { formatDuration } from '../ui/format.ts'

/** Pause between two looks, in milliseconds. */
const lookMs = 1000

interface TurnsProps {
  readonly mayChange: boolean
  readonly onFollow: (userId: number) => void
}

/** Turns that wait or run, the oldest first. */
export function RunningTurns({ mayChange, onFollow }: TurnsProps) {
  const api = useApi()
  const query = useQuery({
    queryKey: ['running-turns'],
    queryFn: ({ signal }) =>
      api.request<Page<ItemOf<'listTurns'>>>('GET', '/api/admin/v1/turns', { query: { limit: 50 }, signal }),
    refetchInterval: lookMs,
  })
  const stop = useMutation({
    mutationFn: (turnId: string) => api.request('POST', `/api/admin/v1/turns/${turnId}/cancel`),
  })
  const turns = query.data?.items ?? []
  return (
    <section aria-labelledby="running">
      <h2 id="running">
        Turns in flight <span className="chip">{query.data?.next_cursor ? '50 and more' : turns.length}</span>
      </h2>
      {query.error && <Callout kind="error">{describeError(query.error)}</Callout>}
      {stop.error && <Callout kind="error">{describeError(stop.error)}</Callout>}
      {query.isSuccess && turns.length === 0 && <p className="soft">No turn waits or runs.</p>}
      {turns.length > 0 && (
        <DataTable
          label="Turns in flight"
          columns={[
            'Turn',
            'Status',
            'User',
            'Source',
            'Worker',
            numbers('Since'),
            { name: 'Actions', isHidden: true },
          ]}
        >
          {turns.map((turn) => (
            <tr key={turn.session_id}>
              <td className="mono">
                <Link href={`/analytics/flow-history/${turn.session_id}`}>
                  {turn.session_id.slice(0, 13)}
                </Link>
              </td>
              <td>
                <span className={`chip ${toneOf(turn.status)}`}>{turn.status}</span>
                {turn.attempt > 1 && <span className="chip warn">attempt {turn.attempt}</span>}
              </td>
              <td>{turn.username ?? turn.user_id}</td>
              <td>{turn.source}</td>
              <td>{turn.claimed_by ?? '–'}</td>
              <td className="number">
                {formatDuration(Math.max(0, query.dataUpdatedAt - Date.parse(turn.created_at)))}
              </td>
              <td>
                <Button isSmall onPress={() => onFollow(turn.user_id)}>
                  Follow user
                </Button>
                {mayChange && (
                  <Button
                    isSmall
                    isDisabled={turn.cancel_requested_at !== null}
                    onPress={() => stop.mutate(turn.session_id)}
                  >
                    {turn.cancel_requested_at === null ? 'Stop' : 'Stopping…'}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
    </section>
  )
}
