import { Link } from 'wouter'
import { formatCost, formatDuration, formatNumber, formatTime } from '../ui/format.ts'
import { type Flow, type FlowGroup, toneOf } from './flow.ts'

const msOf = (ms: number | null): string => (ms === null ? '–' : formatDuration(ms))

/** Turns, one a row. */
export function FlowTable({
  flows,
  isOperator,
}: {
  readonly flows: readonly Flow[]
  readonly isOperator: boolean
}) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Turns">
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">Question</th>
            <th scope="col">Status</th>
            {isOperator && <th scope="col">User</th>}
            <th scope="col">Model</th>
            <th scope="col" className="number">
              Tokens
            </th>
            <th scope="col" className="number">
              Cost
            </th>
            <th scope="col" className="number">
              Queue
            </th>
            <th scope="col" className="number">
              First token
            </th>
            <th scope="col" className="number">
              Duration
            </th>
            <th scope="col">Accepted</th>
          </tr>
        </thead>
        <tbody>
          {flows.map((flow) => (
            <tr key={flow.session_id}>
              <td className="question">
                <Link href={`/analytics/flow-history/${flow.session_id}`}>{flow.question}</Link>
                {flow.tools_used.length > 0 && (
                  <span className="soft mono">{flow.tools_used.join(', ')}</span>
                )}
              </td>
              <td>
                <span className={`chip ${toneOf(flow.status)}`}>{flow.error_code ?? flow.status}</span>
                {flow.attempt > 1 && <span className="chip warn">attempt {flow.attempt}</span>}
              </td>
              {isOperator && <td>{flow.username ?? flow.user_id}</td>}
              <td className="mono">{flow.model ?? '–'}</td>
              <td className="number">{formatNumber((flow.tokens_input ?? 0) + (flow.tokens_output ?? 0))}</td>
              <td className="number">{formatCost(flow.cost_usd)}</td>
              <td className="number">{msOf(flow.queue_ms)}</td>
              <td className="number">{msOf(flow.first_token_ms)}</td>
              <td className="number">{msOf(flow.duration_ms)}</td>
              <td className="soft">{formatTime(flow.created_at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface GroupProps {
  readonly groups: readonly FlowGroup[]
  readonly isOperator: boolean
  /** The address of the turns of a conversation. */
  readonly hrefOf: (conversationId: string) => string
}

/** Conversations, one a row. */
export function GroupTable({ groups, isOperator, hrefOf }: GroupProps) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Conversations">
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">Conversation</th>
            {isOperator && <th scope="col">User</th>}
            <th scope="col" className="number">
              Turns
            </th>
            <th scope="col" className="number">
              Failed
            </th>
            <th scope="col" className="number">
              Tokens
            </th>
            <th scope="col" className="number">
              Cost
            </th>
            <th scope="col">First</th>
            <th scope="col">Last</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.conversation_id}>
              <td className="question">
                <Link href={hrefOf(group.conversation_id)}>
                  {group.title === '' ? 'Without a title' : group.title}
                </Link>
              </td>
              {isOperator && <td>{group.username ?? group.user_id}</td>}
              <td className="number">{formatNumber(group.turns)}</td>
              <td className="number">
                {group.failed === 0 ? '0' : <span className="chip error">{group.failed}</span>}
              </td>
              <td className="number">{formatNumber(group.tokens)}</td>
              <td className="number">{formatCost(group.cost_usd)}</td>
              <td className="soft">{formatTime(group.first_at)}</td>
              <td className="soft">{formatTime(group.last_at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
