import type { Reply, ReplyEvent } from '@omni2/client'
import type { Exchange, ToolUse } from './chat-state.ts'

/** An exchange that has just begun. */
export const beginExchange = (key: string, reply: Reply): Exchange => ({
  key,
  turnId: reply.turnId,
  question: reply.question ?? '',
  replaces: reply.replaces,
  text: reply.text,
  state: 'sending',
  tools: [],
  warnings: [],
  notice: undefined,
  error: undefined,
  result: undefined,
})

/** An exchange after one more event of its reply. */
export function applyEvent(exchange: Exchange, event: ReplyEvent, reply: Reply): Exchange {
  const now = { ...exchange, question: reply.question ?? exchange.question, replaces: reply.replaces }
  switch (event.type) {
    case 'accepted':
      return { ...now, turnId: event.session_id, state: running(now) }
    case 'started':
      return { ...now, state: running(now), notice: undefined }
    case 'token':
    case 'reset':
      return {
        ...now,
        text: reply.text,
        state: running(now),
        notice: now.notice === 'silent' ? undefined : now.notice,
      }
    case 'snapshot':
      return { ...now, state: running(now) }
    case 'restart':
      return { ...now, notice: 'restarted', tools: [] }
    case 'waiting':
      return { ...now, notice: 'silent' }
    case 'tool_call':
      return { ...now, tools: [...now.tools, beginTool(event)] }
    case 'tool_result':
      return { ...now, tools: now.tools.map((tool) => endTool(tool, event)) }
    case 'warning':
      return { ...now, warnings: [...now.warnings, event.message] }
    case 'done':
    case 'cancelled':
      return { ...now, text: reply.text, state: event.type, notice: undefined, result: event.result }
    case 'error':
    case 'blocked':
      return { ...now, text: reply.text, state: 'failed', notice: undefined, error: event.error }
  }
}

/** Whether nothing of it changes any more. */
export const hasEnded = ({ state }: Pick<Exchange, 'state'>): boolean =>
  state === 'done' || state === 'cancelled' || state === 'failed'

const running = ({ state }: Exchange): Exchange['state'] => (state === 'sending' ? 'running' : state)

const beginTool = ({ call_id, mcp, tool, input }: Extract<ReplyEvent, { type: 'tool_call' }>): ToolUse => ({
  callId: call_id,
  name: `${mcp}.${tool}`,
  input,
  status: 'running',
  durationMs: undefined,
})

const endTool = (tool: ToolUse, ended: Extract<ReplyEvent, { type: 'tool_result' }>): ToolUse =>
  tool.callId === ended.call_id ? { ...tool, status: ended.status, durationMs: ended.duration_ms } : tool
