import type { ListedFlow } from '@omni2/db'

/** Columns of an export, in their order. */
const columns = [
  'session_id',
  'conversation_id',
  'user_id',
  'username',
  'source',
  'status',
  'attempt',
  'question',
  'model',
  'tools_used',
  'tokens_input',
  'tokens_output',
  'cost_usd',
  'error_code',
  'queue_ms',
  'first_token_ms',
  'duration_ms',
  'created_at',
  'ended_at',
] as const satisfies readonly (keyof ListedFlow)[]

export const exportFormats = ['csv', 'json'] as const

export type ExportFormat = (typeof exportFormats)[number]

/** How an export is written, piece by piece. */
interface ExportWriter {
  readonly contentType: string
  readonly begin: string
  /** `isFirst`: no row was written before. */
  readonly row: (flow: ListedFlow, isFirst: boolean) => string
  readonly end: string
}

export const exportWriters: Readonly<Record<ExportFormat, ExportWriter>> = {
  /** RFC 4180. */
  csv: {
    contentType: 'text/csv; charset=utf-8',
    begin: `${columns.join(',')}\r\n`,
    row: (flow) => `${columns.map((column) => writeCell(flow[column])).join(',')}\r\n`,
    end: '',
  },
  json: {
    contentType: 'application/json',
    begin: '[',
    row: ({ place: _place, ...flow }, isFirst) => `${isFirst ? '\n' : ',\n'}${JSON.stringify(flow)}`,
    end: '\n]\n',
  },
}

/** A text that a spreadsheet would take for a formula is given a quote in front (OWASP, CSV injection). */
function writeCell(value: ListedFlow[(typeof columns)[number]]): string {
  if (value === null) return ''
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'number') return String(value)
  const text = typeof value === 'string' ? value : value.join(' ')
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
