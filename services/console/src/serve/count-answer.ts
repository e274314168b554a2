import { operationGroups, type ConsoleMetrics, type statusClasses } from '../metrics.ts'
import type { Operation } from '../request/operation.ts'

const methods = ['get', 'put', 'post', 'patch', 'delete'] as const

interface Answered {
  readonly method: string
  readonly status: number
  readonly seconds: number
}

/** Counts an answer once it is sent; undefined: there was no operation. */
export function countAnswer(
  operation: Operation | undefined,
  { method, status, seconds }: Answered,
  { metrics }: { readonly metrics: Pick<ConsoleMetrics, 'requests' | 'requestSeconds'> },
): void {
  const group = groupOf(operation)
  metrics.requests.add(1, { group, method: nameMethod(method), status: classOf(status) })
  if (operation?.kind !== 'stream') metrics.requestSeconds.observe(seconds, { group })
}

/** What an operation is about. */
export function groupOf(operation: Operation | undefined): (typeof operationGroups)[number] {
  if (operation?.api === 'chat') return 'chat'
  const [, word] = /^\/([\w-]+)/.exec(operation?.path ?? '') ?? []
  return operationGroups.find((group) => group === word) ?? 'none'
}

const nameMethod = (method: string) => methods.find((known) => known === method.toLowerCase()) ?? 'other'

function classOf(status: number): (typeof statusClasses)[number] {
  if (status >= 500) return '5xx'
  return status >= 400 ? '4xx' : '2xx'
}
