import { once } from 'node:events'
import { declareMetrics } from '@omni2/telemetry'
import { z } from 'zod'
import { openService, readConfig, serviceVariables } from '../src/index.ts'
import { Watchdog } from '../src/watchdog/watchdog.ts'

const print = (fact: string) => process.stdout.write(`${fact}\n`)

// The watchdog is the first to open: what is left when it closes has not closed before it.
let port = Number(process.env['HEALTH_PORT'])
const closeWatchdog = Watchdog.prototype[Symbol.asyncDispose]
Watchdog.prototype[Symbol.asyncDispose] = async function close() {
  const answer = await fetch(`http://127.0.0.1:${port}/livez`).catch(() => undefined)
  print(`watchdog closes, health server ${answer ? 'open' : 'closed'}`)
  await closeWatchdog.call(this)
}

await using service = await openService('test', {
  env: process.env,
  readConfig: (env) => readConfig(z.object({ ...serviceVariables, COLOUR: z.string() }), env),
  metrics: declareMetrics({ turns: { type: 'counter', name: 'omni2_test_turns_total', help: 'Turns.' } }),
  conditions: ['paint'],
})
const { config, stopping, readiness, metrics, healthPort } = service
port = healthPort
metrics.turns.add(2)
print(`${config.COLOUR} ${healthPort}`)
process.once('SIGUSR2', () => {
  readiness.meet('paint')
  print('painted')
})
stopping.addEventListener('abort', () => print(`stopping, ready ${readiness.isReady}`))
await once(stopping, 'abort')
