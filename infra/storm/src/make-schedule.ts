import type { Random } from './random.ts'

export const faultKinds = ['kill', 'freeze', 'stop', 'net'] as const

export type FaultKind = (typeof faultKinds)[number]

/** What happens to which process, and when; `ms`: how long a freeze lasts. */
export interface Fault {
  readonly at: number
  readonly kind: FaultKind
  readonly target: string
  readonly ms: number
}

/** Names of processes, and how often each is hit compared with the others. */
const targets = [
  ['chat-worker-1', 4],
  ['chat-worker-2', 4],
  ['ws-edge-1', 3],
  ['ws-edge-2', 3],
  ['flow-recorder-1', 2],
  ['flow-recorder-2', 2],
  ['auth-1', 1],
  ['gateway-1', 1],
  ['nats-server', 2],
  ['postgres', 1],
  ['redis-server', 1],
] as const

/** Servers are not stopped in order: that would end the storm's own observation as well. */
const servers: ReadonlySet<string> = new Set([
  'nats-server',
  'postgres',
  'redis-server',
  'gateway-1',
  'auth-1',
])

/** Faults of a storm of `lengthMs`, one every few seconds, none in its last part, so that all can come to rest. */
export function makeSchedule(
  random: Random,
  { lengthMs, kinds, onlyServices }: { lengthMs: number; kinds: readonly FaultKind[]; onlyServices: boolean },
): Fault[] {
  const weighted = targets.flatMap(([name, weight]) =>
    onlyServices && servers.has(name) ? [] : Array.from({ length: weight }, () => name),
  )
  const faults: Fault[] = []
  for (let at = random.between(2000, 4000); at < lengthMs * 0.85; at += random.between(2500, 6000)) {
    const target = random.pick(weighted)
    const possible = kinds.filter((kind) => kind !== 'stop' || !servers.has(target))
    if (possible.length === 0) continue
    faults.push({ at, kind: random.pick(possible), target, ms: random.between(500, 4000) })
  }
  return faults
}
