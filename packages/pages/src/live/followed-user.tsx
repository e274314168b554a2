import type { Page } from '@omni2/client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import { useApi, useSession } from '../session/session.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { describeError } from '../ui/describe-error.ts'
import { readFeed } from './read-feed.ts'

/** How long a user is monitored, in seconds. */
const monitorSeconds = 600
/** Most events that are kept on the page. */
const mostEvents = 500

interface FollowProps {
  readonly userId: number | undefined
  readonly mayChange: boolean
  readonly onChoose: (userId: number | undefined) => void
}

/** The events of one user's turns as they happen; that one may be followed is limited in time and audited. */
export function FollowedUser({ userId, mayChange, onChoose }: FollowProps) {
  const api = useApi()
  const [name, setName] = useState('')
  const find = useMutation({
    mutationFn: async () => {
      const query = { search: name, limit: 50 }
      const { items } = await api.request<Page<{ id: number; username: string }>>(
        'GET',
        '/api/admin/v1/users',
        { query },
      )
      const found = items.find(({ username }) => username === name) ?? items[0]
      if (!found) throw new Error(`There is no user ${name}.`)
      onChoose(found.id)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') find.mutate()
  }
  return (
    <section aria-labelledby="follow">
      <h2 id="follow">Follow a user</h2>
      <form className="follow-form" onSubmit={submit}>
        <label className="filter">
          <span>Username</span>
          <input className="input" value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <Button type="submit" isDisabled={find.isPending}>
          Follow
        </Button>
      </form>
      {find.error && <Callout kind="error">{describeError(find.error)}</Callout>}
      {userId !== undefined && (
        <Feed key={userId} userId={userId} mayChange={mayChange} onClose={() => onChoose(undefined)} />
      )}
    </section>
  )
}

interface FeedProps {
  readonly userId: number
  readonly mayChange: boolean
  readonly onClose: () => void
}

/** An event as a worker publishes it; several come together. */
interface LiveMessage {
  readonly session_id: string
  readonly event?: LiveEvent
  readonly events?: readonly LiveEvent[]
}

interface LiveEvent {
  readonly event_type: string
  readonly outcome: string
  readonly timestamp: string
  readonly attempt: number
  readonly data: Readonly<Record<string, unknown>>
}

interface ShownEvent extends LiveEvent {
  readonly key: number
  readonly turnId: string
}

function Feed({ userId, mayChange, onClose }: FeedProps) {
  const api = useApi()
  const user = useQuery({
    queryKey: ['user', userId],
    queryFn: () => api.request<{ username: string }>('GET', `/api/admin/v1/users/${userId}`),
  })
  const [attempt, setAttempt] = useState(0)
  const { events, state, error } = useFeed(userId, attempt)
  const monitor = useMutation({
    mutationFn: () =>
      api.request('PUT', `/api/admin/v1/users/${userId}/monitoring`, {
        body: { ttl_seconds: monitorSeconds },
      }),
    onSuccess: () => setAttempt((count) => count + 1),
  })
  const isUnmonitored = error instanceof Error && 'code' in error && error.code === 'not_monitored'
  return (
    <div className="feed">
      <p className="feed-head">
        <strong>{user.data?.username ?? `user ${userId}`}</strong>
        <span className={`chip ${state === 'following' ? 'live' : ''}`} role="status">
          {state}
        </span>
        <Button kind="quiet" isSmall onPress={onClose}>
          Close
        </Button>
      </p>
      {isUnmonitored && (
        <Callout kind="info">
          This user is not monitored.{' '}
          {mayChange ? 'Monitoring is recorded with your name.' : 'An administrator can begin it.'}{' '}
          {mayChange && (
            <Button isSmall isDisabled={monitor.isPending} onPress={() => monitor.mutate()}>
              Monitor for 10 minutes
            </Button>
          )}
        </Callout>
      )}
      {error !== undefined && !isUnmonitored && <Callout kind="error">{describeError(error)}</Callout>}
      {monitor.error && <Callout kind="error">{describeError(monitor.error)}</Callout>}
      {state === 'following' && events.length === 0 && (
        <p className="soft">Waiting for the next turn of this user.</p>
      )}
      <ol className="feed-events" tabIndex={0} aria-label="Events">
        {events.map(({ key, turnId, event_type, outcome, timestamp }) => (
          <li key={key}>
            <time className="mono">{timestamp.slice(11, 23)}</time>
            <Link href={`/analytics/flow-history/${turnId}`} className="mono">
              {turnId.slice(0, 8)}
            </Link>
            <span>{event_type.replaceAll('_', ' ')}</span>
            {outcome !== 'passed' && <span className="chip error">{outcome}</span>}
          </li>
        ))}
      </ol>
    </div>
  )
}

/** Follows a user until the component goes; `attempt`: another one begins again. */
function useFeed(userId: number, attempt: number) {
  const session = useSession()
  const login = session.state === 'in' ? session.login : undefined
  const [events, setEvents] = useState<readonly ShownEvent[]>([])
  const [state, setState] = useState<'opening' | 'following' | 'ended'>('opening')
  const [error, setError] = useState<unknown>()
  const count = useRef(0)
  useEffect(() => {
    if (!login) return
    const leaving = new AbortController()
    const follow = async () => {
      const headers = { authorization: `Bearer ${await login.token({ renew: false })}` }
      const response = await fetch(`/api/admin/v1/users/${userId}/live`, { headers, signal: leaving.signal })
      if (!response.ok || !response.body) throw Object.assign(new Error(), await readRefusal(response))
      setState('following')
      for await (const data of readFeed(response.body)) {
        const shown = listEvents(JSON.parse(data) as LiveMessage, () => (count.current += 1))
        setEvents((before) => [...shown.toReversed(), ...before].slice(0, mostEvents))
      }
    }
    setState('opening')
    setError(undefined)
    follow()
      .catch((reason: unknown) => !leaving.signal.aborted && setError(reason))
      .finally(() => !leaving.signal.aborted && setState('ended'))
    return () => leaving.abort()
  }, [userId, attempt, login])
  return { events, state, error }
}

const listEvents = (
  { session_id: turnId, event, events = [] }: LiveMessage,
  nextKey: () => number,
): ShownEvent[] => (event ? [event] : events).map((each) => Object.assign({ turnId, key: nextKey() }, each))

async function readRefusal(response: Response): Promise<{ message: string; code?: string }> {
  const { error, code } = (await response.json().catch(() => ({}))) as { error?: string; code?: string }
  return {
    message: error ?? `The server answered with HTTP ${response.status}.`,
    ...(code === undefined ? {} : { code }),
  }
}
