import type { Figure } from '../report/results.ts'

/** How many people there are at once, and what they do. */
export interface Demand {
  readonly connections: number
  /** Replies that stream at once. */
  readonly streams: number
}

/** What has to run for a demand. */
export interface Plan {
  readonly edges: number
  readonly workers: number
  readonly recorders: number
  /** Processors that servers keep busy. */
  readonly natsCores: number
  readonly postgresCores: number
  readonly redisCores: number
  /** Memory of all idle connections, in GB. */
  readonly edgeMemory: number
  readonly turnsPerSecond: number
  readonly tokensPerSecond: number
}

/** Conditions of the plan: what was measured, and how full a process may be. */
export const assumptions = {
  tokensPerSecond: 50,
  tokensOfTurn: 500,
  /** A process uses one core, up to this share: the rest is for peaks and for the replicas that may be lost. */
  utilization: 0.6,
  /** `EDGE_MAX_CONNECTIONS`. */
  connectionsOfEdge: 10_000,
  eventsOfTurn: 8,
} as const

/** Thrown if a figure that the plan needs was not measured. */
export class FigureMissingError extends Error {
  override readonly name = 'FigureMissingError'
}

/** Plans for a demand from what the benchmarks measured: cost grows with streams and connections, and with nothing else. */
export function planCapacity({ connections, streams }: Demand, figures: readonly Figure[]): Plan {
  const find = (part: string, setting: string, metric: string): number => {
    const found = figures.find(
      (figure) =>
        figure.system === 'ours' &&
        figure.part === part &&
        figure.setting.includes(setting) &&
        figure.metric === metric,
    )
    if (!found) throw new FigureMissingError(`${part}, ${setting}: ${metric} was not measured`)
    return found.median
  }
  const { tokensOfTurn, utilization, connectionsOfEdge, eventsOfTurn } = assumptions
  const tokensPerSecond = streams * assumptions.tokensPerSecond
  const turnsPerSecond = tokensPerSecond / tokensOfTurn
  const coresOf = (name: string) =>
    (tokensPerSecond / 1000) *
    find('relay', `100 streams of ${tokensOfTurn} tokens`, `CPU of 1,000 tokens, ${name}`)
  const processesFor = (cores: number) => Math.max(1, Math.ceil(cores / utilization))
  const eventsPerSecond = find('recorder', 'events', 'events')
  return {
    edges: Math.max(processesFor(coresOf('ws-edge-1')), Math.ceil(connections / connectionsOfEdge)),
    workers: processesFor(coresOf('chat-worker-1')),
    recorders: processesFor((turnsPerSecond * eventsOfTurn) / eventsPerSecond),
    natsCores: coresOf('nats-server'),
    postgresCores: coresOf('postgres'),
    redisCores: coresOf('redis-server'),
    edgeMemory: (connections * find('idle', 'sockets', 'PSS of a socket')) / 1_000_000,
    turnsPerSecond,
    tokensPerSecond,
  }
}
