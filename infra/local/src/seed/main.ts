import { readConfig } from '@omni2/service-kit'
import { z } from 'zod'
import { demoUsernames } from './demo-users.ts'
import { seedDemo } from './seed-demo.ts'

// The job `seed` of compose's profile demo: `npm start` seeds by itself.
const schema = z.object({
  DATABASE_URL: z.string().min(1),
  /** JSON object with a password for each demo user; infra/make-secrets.sh --demo writes it. */
  DEMO_PASSWORDS: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.record(z.enum(demoUsernames), z.string().min(12))),
})

try {
  const config = readConfig(schema, process.env)
  await seedDemo(config.DATABASE_URL, { passwords: config.DEMO_PASSWORDS, reset: false })
  console.log('the demo users are there')
} catch (error) {
  console.error(`seed: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
