import type { EdgeConfig } from '../config.ts'

/** A client that bytes wait for. */
export interface Holder {
  readonly bufferedBytes: number
  giveUp(): void
}

interface LimitDeps {
  readonly connections: { listHolding(): Holder[] }
  readonly config: Pick<EdgeConfig, 'EDGE_OUTBOXES_MAX_BYTES'>
  readonly stopping: AbortSignal
}

/** Pause between two looks at what waits, in milliseconds. */
const lookMs = 500

/** Keeps all that waits for clients below a bound: above it, the clients that are furthest behind are closed. */
export function limitOutboxes({ connections, config, stopping }: LimitDeps): void {
  // Their sockets keep bytes until they are closed.
  const givenUp = new WeakSet<Holder>()
  const look = () => {
    const holding = connections.listHolding().filter((holder) => !givenUp.has(holder))
    for (const holder of findExcess(holding, config.EDGE_OUTBOXES_MAX_BYTES)) {
      givenUp.add(holder)
      holder.giveUp()
    }
  }
  const timer = setInterval(look, lookMs).unref()
  stopping.addEventListener('abort', () => clearInterval(timer))
}

/** The first of these, without which the others hold at most `maxBytes` together; none where all of them do. */
export function findExcess(holding: readonly Holder[], maxBytes: number): Holder[] {
  let bytes = holding.reduce((sum, { bufferedBytes }) => sum + bufferedBytes, 0)
  const excess: Holder[] = []
  for (const holder of holding) {
    if (bytes <= maxBytes) break
    bytes -= holder.bufferedBytes
    excess.push(holder)
  }
  return excess
}
