import type { Page } from '@omni2/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../session/session.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { describeError } from '../ui/describe-error.ts'
import { formatNumber, formatTime } from '../ui/format.ts'

/** A message that no service could use, as `GET /api/admin/v1/dead-letters` answers. */
interface DeadLetter {
  readonly seq: number
  readonly reason: string
  readonly subject: string
  readonly deliveries: number
  readonly payload_bytes: number
  readonly parked_at: string
  readonly parked_by: string
}

const query = ['dead-letters'] as const

/** Messages that no service could use, by their reason. */
export function DeadLetters({ mayChange }: { readonly mayChange: boolean }) {
  const api = useApi()
  const letters = useQuery({
    queryKey: query,
    queryFn: ({ signal }) =>
      api.request<Page<DeadLetter>>('GET', '/api/admin/v1/dead-letters', { query: { limit: 200 }, signal }),
    refetchInterval: 10_000,
  })
  const items = letters.data?.items ?? []
  const groups = Map.groupBy(items, ({ reason }) => reason)
  return (
    <section aria-labelledby="letters">
      <h2 id="letters">
        Dead letters <span className="chip">{letters.data?.next_cursor ? '200 and more' : items.length}</span>
      </h2>
      {letters.error && <Callout kind="error">{describeError(letters.error)}</Callout>}
      {letters.isSuccess && items.length === 0 && (
        <p className="soft">There are none: every message could be used.</p>
      )}
      {[...groups].map(([reason, group]) => (
        <details key={reason} className="letters" open={groups.size === 1}>
          <summary>
            {reason} <span className="chip error">{group.length}</span>
          </summary>
          <ul>
            {group.map((letter) => (
              <Letter key={letter.seq} letter={letter} mayChange={mayChange} />
            ))}
          </ul>
        </details>
      ))}
    </section>
  )
}

function Letter({ letter, mayChange }: { readonly letter: DeadLetter; readonly mayChange: boolean }) {
  const api = useApi()
  const queries = useQueryClient()
  const [isAsked, setAsked] = useState(false)
  const path = `/api/admin/v1/dead-letters/${letter.seq}`
  const act = useMutation({
    mutationFn: (method: 'POST' | 'DELETE') =>
      api.request(method, method === 'POST' ? `${path}/replay` : path),
    onSettled: () => queries.invalidateQueries({ queryKey: query }),
  })
  return (
    <li>
      <span className="mono">{letter.subject}</span>
      <span className="soft">
        {formatNumber(letter.payload_bytes)} bytes, {letter.deliveries} deliveries, parked by{' '}
        {letter.parked_by}, {formatTime(letter.parked_at)}
      </span>
      {mayChange && (
        <>
          <Button isSmall isDisabled={act.isPending} onPress={() => act.mutate('POST')}>
            Replay
          </Button>
          <Button kind="danger" isSmall isDisabled={act.isPending} onPress={() => setAsked(true)}>
            Drop
          </Button>
        </>
      )}
      {act.error && <Callout kind="error">{describeError(act.error)}</Callout>}
      {isAsked && (
        <ConfirmDialog
          title="Drop the message"
          confirm="Drop"
          onClose={() => setAsked(false)}
          onConfirm={() => {
            setAsked(false)
            act.mutate('DELETE')
          }}
        >
          <p>The message to {letter.subject} is deleted for good.</p>
        </ConfirmDialog>
      )}
    </li>
  )
}
