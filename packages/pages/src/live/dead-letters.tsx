import type { ApiAnswers } from '../session/api-answers.ts'
import type { ItemOf } from '../session/item-of.ts'
import type { Page } from '@omni2/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../session/session.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { describeError } from '../ui/describe-error.ts'
import { formatNumber, formatTime } from '../ui/format.ts'

/** A message that no service could use. */
type DeadLetter = ItemOf<'listDeadLetters'>

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
          {group.length > 1 && mayChange && <GroupActions letters={group} />}
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

interface GroupProps {
  readonly letters: readonly DeadLetter[]
}

/** The same for all messages of a group, one after another; the first that fails ends it. */
function GroupActions({ letters }: GroupProps) {
  const api = useApi()
  const queries = useQueryClient()
  const [isAsked, setAsked] = useState(false)
  const act = useMutation({
    mutationFn: async (action: Action) => {
      for (const { seq } of letters) await api.request(...requestOf(seq, action))
    },
    onSettled: () => queries.invalidateQueries({ queryKey: query }),
  })
  return (
    <div className="letter-actions">
      <Button isSmall isDisabled={act.isPending} onPress={() => act.mutate('replay')}>
        Replay all
      </Button>
      <Button kind="danger" isSmall isDisabled={act.isPending} onPress={() => setAsked(true)}>
        Drop all
      </Button>
      {act.error && <Callout kind="error">{describeError(act.error)}</Callout>}
      {isAsked && (
        <ConfirmDialog
          title={`Drop ${letters.length} messages`}
          confirm="Drop all"
          onClose={() => setAsked(false)}
          onConfirm={() => {
            setAsked(false)
            act.mutate('drop')
          }}
        >
          <p>They are deleted for good.</p>
        </ConfirmDialog>
      )}
    </div>
  )
}

type Action = 'replay' | 'drop'

const requestOf = (seq: number, action: Action): ['POST' | 'DELETE', string] => {
  const path = `/api/admin/v1/dead-letters/${seq}`
  return action === 'replay' ? ['POST', `${path}/replay`] : ['DELETE', path]
}

/** What a replay would do. */
type Trial = ApiAnswers['tryDeadLetter']

const outcomeTexts: Readonly<Record<Trial['outcome'], string>> = {
  turn_runs: 'A worker would run the turn.',
  turn_has_ended: 'The turn has ended; the message would go, and nothing else would happen.',
  events_are_recorded: 'The recorder would write the events that it does not have yet.',
  unreadable: 'It would become a dead letter again.',
  not_replayable: 'It is not from a place to which messages are sent again.',
}

function Letter({ letter, mayChange }: { readonly letter: DeadLetter; readonly mayChange: boolean }) {
  const api = useApi()
  const queries = useQueryClient()
  const [isAsked, setAsked] = useState(false)
  const act = useMutation({
    mutationFn: (action: Action) => api.request(...requestOf(letter.seq, action)),
    onSettled: () => queries.invalidateQueries({ queryKey: query }),
  })
  const trial = useMutation({
    mutationFn: () => api.request<Trial>('GET', `/api/admin/v1/dead-letters/${letter.seq}/replay`),
  })
  return (
    <li>
      <span className="mono">{letter.subject}</span>
      <span className="soft">
        {formatNumber(letter.payload_bytes)} bytes, {letter.deliveries} deliveries, parked by{' '}
        {letter.parked_by}, {formatTime(letter.parked_at)}
      </span>
      <Button isSmall isDisabled={trial.isPending} onPress={() => trial.mutate()}>
        Dry run
      </Button>
      {mayChange && (
        <>
          <Button isSmall isDisabled={act.isPending} onPress={() => act.mutate('replay')}>
            Replay
          </Button>
          <Button kind="danger" isSmall isDisabled={act.isPending} onPress={() => setAsked(true)}>
            Drop
          </Button>
        </>
      )}
      {trial.data && (
        <p role="status" className="letter-trial">
          {outcomeTexts[trial.data.outcome]} {trial.data.problem}
        </p>
      )}
      {trial.error && <Callout kind="error">{describeError(trial.error)}</Callout>}
      {act.error && <Callout kind="error">{describeError(act.error)}</Callout>}
      {isAsked && (
        <ConfirmDialog
          title="Drop the message"
          confirm="Drop"
          onClose={() => setAsked(false)}
          onConfirm={() => {
            setAsked(false)
            act.mutate('drop')
          }}
        >
          <p>The message to {letter.subject} is deleted for good.</p>
        </ConfirmDialog>
      )}
    </li>
  )
}
