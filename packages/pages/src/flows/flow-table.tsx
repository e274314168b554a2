import { Link } from 'wouter'
import { DataTable, numbers } from '../ui/data-table.tsx'
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
    <DataTable
      label="Turns"
      columns={[
        'Question',
        'Status',
        ...(isOperator ? ['User'] : []),
        'Model',
        numbers('Tokens'),
        numbers('Cost'),
        numbers('Queue'),
        numbers('First token'),
        numbers('Duration'),
        'Accepted',
      ]}
    >
      {flows.map((flow) => (
        <tr key={flow.session_id}>
          <td className="question">
            <Link href={`/analytics/flow-history/${flow.session_id}`}>{flow.question}</Link>
            {flow.tools_used.length > 0 && <span className="soft mono">{flow.tools_used.join(', ')}</span>}
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
    </DataTable>
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
    <DataTable
      label="Conversations"
      columns={[
        'Conversation',
        ...(isOperator ? ['User'] : []),
        numbers('Turns'),
        numbers('Failed'),
        numbers('Tokens'),
        numbers('Cost'),
        'First',
        'Last',
      ]}
    >
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
    </DataTable>
  )
}
