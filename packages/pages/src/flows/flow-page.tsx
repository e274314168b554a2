import './flow-page.css'
import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import { CopyButton } from '../markdown/code-block.tsx'
import { useApi } from '../session/session.tsx'
import { Busy } from '../ui/busy.tsx'
import { Callout } from '../ui/callout.tsx'
import { describeError } from '../ui/describe-error.ts'
import { formatCost, formatDuration, formatNumber, formatTime } from '../ui/format.ts'
import { useTitle } from '../ui/use-title.ts'
import { type FlowDetails, textOf, toneOf } from './flow.ts'
import { TimelineView } from './timeline-view.tsx'

/** Pause between two looks at a turn that runs, in milliseconds. */
const lookMs = 1000

/** One turn: how it ended, what it took, its timeline, what was said. */
export default function FlowPage({ turnId }: { readonly turnId: string }) {
  useTitle('Turn')
  const api = useApi()
  const query = useQuery({
    queryKey: ['flow', turnId],
    queryFn: ({ signal }) =>
      api.request<FlowDetails>('GET', `/api/v1/flows/${encodeURIComponent(turnId)}`, { signal }),
    refetchInterval: ({ state }) =>
      state.data?.ended_at === null || isRecordedSoon(state.data) ? lookMs : false,
  })
  return (
    <main className="flow">
      <Link href="/analytics/flow-history" className="flow-back">
        <ArrowLeft size={16} aria-hidden /> Flow history
      </Link>
      {query.isPending && <Busy label="Loading the turn…" />}
      {query.error && <Callout kind="error">{describeError(query.error)}</Callout>}
      {query.data && <Turn turn={query.data} />}
    </main>
  )
}

/** An end is known before its last checkpoints are recorded. */
const recordMs = 5000

const isRecordedSoon = (turn: FlowDetails | undefined): boolean =>
  turn?.ended_at !== undefined && turn.ended_at !== null && Date.now() - Date.parse(turn.ended_at) < recordMs

function Turn({ turn }: { readonly turn: FlowDetails }) {
  const now = useNow(turn.ended_at === null)
  const duration = Date.parse(turn.ended_at ?? new Date(now).toISOString()) - Date.parse(turn.created_at)
  const complete = turn.events.findLast(({ event_type }) => event_type === 'llm_complete')?.data
  const firstToken = Number(complete?.['first_token_ms'] ?? Number.NaN)
  const queue =
    turn.started_at === null ? undefined : Date.parse(turn.started_at) - Date.parse(turn.created_at)
  return (
    <>
      <header className="flow-head">
        <h1>{turn.user_text.length > 140 ? `${turn.user_text.slice(0, 140)}…` : turn.user_text}</h1>
        <p>
          <span className={`chip ${toneOf(turn.status)}`}>{turn.status}</span>
          <span>{turn.username ?? `user ${turn.user_id}`}</span>
          <span>{formatTime(turn.created_at)}</span>
          {turn.conversation_id !== null && (
            <Link href={`/analytics/flow-history?conversation_id=${turn.conversation_id}`}>
              whole conversation
            </Link>
          )}
        </p>
      </header>
      <dl className="facts">
        <Fact name="Total">{formatDuration(Math.max(0, duration))}</Fact>
        <Fact name="Queue">{queue === undefined ? '–' : formatDuration(queue)}</Fact>
        <Fact name="First token">{Number.isFinite(firstToken) ? formatDuration(firstToken) : '–'}</Fact>
        <Fact name="Tokens in / out">
          {formatNumber(turn.tokens_input ?? 0)} / {formatNumber(turn.tokens_output ?? 0)}
        </Fact>
        <Fact name="Cost">
          {formatCost(turn.cost_usd ?? 0)}
          {turn.estimated && ' (estimated)'}
        </Fact>
        {turn.cost_abandoned_usd > 0 && (
          <Fact name="Dead attempts, at most">{formatCost(turn.cost_abandoned_usd)}</Fact>
        )}
        <Fact name="Attempts">{turn.attempt}</Fact>
        <Fact name="Model">{turn.model ?? '–'}</Fact>
        <Fact name="Worker">{turn.claimed_by ?? '–'}</Fact>
        <Fact name="Edge">{textOf(turn.events.find(({ attempt }) => attempt === 0)?.data['edge'], '–')}</Fact>
        <Fact name="Id">
          <span className="mono">{turn.session_id.slice(0, 13)}…</span>
          <CopyButton text={turn.session_id} label="Copy the id of the turn" />
        </Fact>
      </dl>
      {turn.error !== null && <Callout kind="error">{turn.error}</Callout>}
      <TimelineView turn={turn} now={now} />
      <section className="said" aria-label="What was said">
        <h2>Question</h2>
        <pre tabIndex={0}>{turn.user_text}</pre>
        <h2>Answer</h2>
        <pre tabIndex={0}>
          {turn.answer ?? (turn.ended_at === null ? 'It is being written.' : 'There is none.')}
        </pre>
      </section>
      <details className="raw">
        <summary>Raw events ({turn.events.length})</summary>
        <pre tabIndex={0}>{JSON.stringify(turn.events, null, 2)}</pre>
      </details>
    </>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** The time, in Unix milliseconds; it goes on while something runs. */
function useNow(isRunning: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => setNow(Date.now()), 100)
    return () => clearInterval(timer)
  }, [isRunning])
  return now
}
