import { z } from 'zod'
import { makePrintableLine } from '../output/make-printable.ts'
import { formatTable } from './format-table.ts'

const eventSchema = z.looseObject({
  attempt: z.int(),
  event_type: z.string(),
  outcome: z.string(),
  at: z.string(),
  data: z.record(z.string(), z.unknown()),
})

/** A turn as the Admin API gives it. */
export const turnSchema = z.looseObject({
  session_id: z.string(),
  conversation_id: z.string().nullable(),
  user_id: z.int(),
  username: z.string().nullable(),
  source: z.string(),
  status: z.string(),
  error_code: z.string().nullable(),
  error: z.string().nullable(),
  attempt: z.int(),
  claimed_by: z.string().nullable(),
  created_at: z.string(),
  started_at: z.string().nullable(),
  ended_at: z.string().nullable(),
  user_text: z.string(),
  answer: z.string().nullable(),
  model: z.string().nullable(),
  tokens_input: z.int().nullable(),
  tokens_output: z.int().nullable(),
  tokens_cache_read: z.int().nullable(),
  tokens_cache_write: z.int().nullable(),
  cost_usd: z.number().nullable(),
  estimated: z.boolean(),
  tokens_abandoned: z.int(),
  cost_abandoned_usd: z.number(),
  events: z.array(eventSchema),
})

type Turn = z.infer<typeof turnSchema>
type Event = z.infer<typeof eventSchema>

/** One turn for a person to read: how it ended, what it took, what was said, and every checkpoint with its figures. */
export function formatTurn(turn: Turn): string[] {
  return [
    ...formatTable(describeTurn(turn)),
    '',
    `> ${turn.user_text}`,
    ...(turn.answer === null ? [] : ['', turn.answer]),
    ...formatEvents(turn),
  ]
}

function describeTurn(turn: Turn): (readonly [string, string])[] {
  const user = `${turn.username ?? 'unknown'} (${turn.user_id}), ${turn.source}`
  const ended = [turn.status, turn.error_code, turn.error].filter((part) => part !== null).join(': ')
  const rows: (readonly [string, string | null])[] = [
    ['turn', turn.session_id],
    ['user', user],
    ['conversation', turn.conversation_id],
    ['status', ended],
    ['attempts', `${turn.attempt}${turn.claimed_by === null ? '' : `, the last by ${turn.claimed_by}`}`],
    ['accepted', turn.created_at],
    ['begun', turn.started_at],
    ['ended', turn.ended_at],
    ['model', turn.model],
    ['tokens', describeTokens(turn)],
    ['cost', describeCost(turn)],
  ]
  return rows.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
}

function describeTokens(turn: Turn): string | null {
  const { tokens_input, tokens_output, tokens_cache_read, tokens_cache_write } = turn
  if (tokens_input === null) return null
  const cache = `${tokens_cache_read ?? 0} from the cache, ${tokens_cache_write ?? 0} into it`
  return `${tokens_input} read (${cache}), ${tokens_output ?? 0} written`
}

function describeCost({ cost_usd, estimated, cost_abandoned_usd, tokens_abandoned }: Turn): string | null {
  const lost = `${cost_abandoned_usd} USD and ${tokens_abandoned} tokens at most of attempts that died`
  const parts = [
    ...(cost_usd === null ? [] : [`${cost_usd} USD${estimated ? ', estimated' : ''}`]),
    ...(cost_abandoned_usd > 0 || tokens_abandoned > 0 ? [lost] : []),
  ]
  return parts.length === 0 ? null : parts.join(', beside ')
}

function formatEvents({ events }: Turn): string[] {
  if (events.length === 0) return ['', 'no checkpoint is recorded (yet)']
  return events.flatMap((event, index) => {
    const isFirst = event.attempt !== events[index - 1]?.attempt
    const head = event.attempt === 0 ? 'edge' : `attempt ${event.attempt}`
    return isFirst ? ['', head].concat(formatEvent(event)) : formatEvent(event)
  })
}

const widestName = 'mcp_permission_check'.length

function formatEvent({ at, event_type, outcome, data }: Event): string[] {
  const { limits, ...rest } = data
  const head = `  ${at.slice(11, 23)}  ${event_type.padEnd(widestName)}  ${outcome.padEnd(7)}  ${describeData(rest)}`
  return [head.trimEnd(), ...describeLimits(limits).map((line) => `${' '.repeat(16)}${line}`)]
}

const describeData = (data: Record<string, unknown>): string =>
  Object.entries(data)
    .map(([name, value]) =>
      makePrintableLine(`${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`),
    )
    .join(', ')

const limitsSchema = z.array(
  z.looseObject({
    kind: z.string(),
    limit: z.number().nullable(),
    used: z.number(),
    remaining: z.number().nullable(),
    reset_at: z.string().nullable().default(null),
  }),
)

/** What was measured against what. */
function describeLimits(limits: unknown): string[] {
  const { data: measured = [] } = limitsSchema.safeParse(limits)
  return formatTable(
    measured.map(({ kind, limit, used, remaining, reset_at }) => [
      kind,
      limit === null ? `${used}, no limit` : `${used} of ${limit}, ${remaining ?? 0} left`,
      reset_at === null ? '' : `again at ${reset_at}`,
    ]),
  )
}
