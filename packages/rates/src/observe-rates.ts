import { declareMetrics, type Metrics } from '@omni2/telemetry'
import type { Rates } from './rates.ts'

/** The metrics of every service with rates. */
export const ratesMetrics = declareMetrics({
  ratesShared: {
    type: 'gauge',
    name: 'omni2_rates_shared',
    help: '1 while Redis counts rates for all processes, 0 while this one counts for itself',
  },
})

/** Reads the state at each scrape. */
export function observeRates(rates: Pick<Rates, 'state'>, metrics: Metrics<typeof ratesMetrics>): void {
  metrics.ratesShared.readFrom(() => (rates.state === 'together' ? 1 : 0))
}
