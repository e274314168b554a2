/** What a flow history shows, as its address says it. */
export interface FlowFilter {
  readonly view: 'turns' | 'conversations'
  readonly range: keyof typeof ranges
  readonly search: string
  readonly status: string
  readonly source: string
  readonly model: string
  readonly tool: string
  readonly userId: string
  readonly conversationId: string
  readonly costFrom: string
  readonly onlyFailed: boolean
}

/** Ranges back from now, in milliseconds. */
export const ranges = {
  '1h': { name: 'Last hour', ms: 3_600_000 },
  '24h': { name: 'Last 24 hours', ms: 24 * 3_600_000 },
  '7d': { name: 'Last 7 days', ms: 7 * 24 * 3_600_000 },
  '30d': { name: 'Last 30 days', ms: 30 * 24 * 3_600_000 },
} as const

/** Names of the address, and their fields. */
const texts = {
  search: 'search',
  status: 'status',
  source: 'source',
  model: 'model',
  tool: 'tool',
  user_id: 'userId',
  conversation_id: 'conversationId',
  cost_from: 'costFrom',
} as const

/** Reads a filter from the address; what is not understood is as if it were absent. */
export function readFilter(address: URLSearchParams): FlowFilter {
  const range = address.get('range') ?? ''
  const text = (name: keyof typeof texts) => address.get(name)?.trim() ?? ''
  return {
    view: address.get('view') === 'conversations' ? 'conversations' : 'turns',
    range: Object.hasOwn(ranges, range) ? (range as keyof typeof ranges) : '24h',
    search: text('search'),
    status: text('status'),
    source: text('source'),
    model: text('model'),
    tool: text('tool'),
    userId: text('user_id'),
    conversationId: text('conversation_id'),
    costFrom: text('cost_from'),
    onlyFailed: address.get('failed') === 'true',
  }
}

/** Writes a filter as an address; what it does not narrow is left out. */
export function writeFilter(filter: FlowFilter): URLSearchParams {
  const address = new URLSearchParams()
  if (filter.view !== 'turns') address.set('view', filter.view)
  if (filter.range !== '24h') address.set('range', filter.range)
  for (const [name, field] of Object.entries(texts))
    if (filter[field] !== '') address.set(name, filter[field])
  if (filter.onlyFailed) address.set('failed', 'true')
  return address
}

/** The query of the API; a conversation is shown whole. `now` is Unix milliseconds. */
export function toQuery(filter: FlowFilter, now: number): Record<string, string | undefined> {
  const since = new Date(now - ranges[filter.range].ms).toISOString()
  return {
    ...Object.fromEntries(Object.entries(texts).map(([name, field]) => [name, filter[field] || undefined])),
    failed: filter.onlyFailed ? 'true' : undefined,
    since: filter.conversationId === '' ? since : undefined,
  }
}
