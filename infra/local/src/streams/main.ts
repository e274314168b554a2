import { readConfig, wholeNumber } from '@omni2/service-kit'
import { z } from 'zod'
import { migrateBus } from './migrate-bus.ts'

// The job `streams` of compose, and the part of `npm run migrate -- up` that NATS_URL asks for: `npm start` does it by itself.
const schema = z.object({
  NATS_URL: z.string().min(1),
  NATS_STREAM_REPLICAS: wholeNumber({ min: 1, max: 5 }).default(1),
})

try {
  const config = readConfig(schema, process.env)
  const changes = await migrateBus(config.NATS_URL, { replicas: config.NATS_STREAM_REPLICAS })
  console.log(changes.join('\n') || 'streams already up to date')
} catch (error) {
  console.error(`streams: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
