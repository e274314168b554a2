import type { RunningServer } from '@omni2/local-servers'
import type { Secrets } from '../data-folder/secrets.ts'
import type { StartOptions } from '../options/read-start-options.ts'
import type { Progress } from '../output/progress.ts'
import { demoUsers } from './demo-users.ts'
import { seedDemo } from './seed-demo.ts'

/** A demo user as shown to the person who started. */
export interface SeededUser {
  readonly id: number
  readonly username: string
  readonly password: string
  readonly role: string
}

interface SeedDeps {
  readonly secrets: Secrets
  readonly progress: Progress
}

/** Seeds demo users into a database of our own, into a given one only when asked to; returns those seeded. */
export async function seedDemoUsers(
  postgres: Pick<RunningServer, 'url' | 'source'>,
  { seed }: Pick<StartOptions, 'seed'>,
  { secrets, progress }: SeedDeps,
): Promise<readonly SeededUser[]> {
  if (postgres.source === 'given' && !seed) return []
  const passwords = secrets.demoPasswords
  await progress.step('demo users', () => seedDemo(postgres.url, { passwords, reset: seed }))
  return demoUsers.map(({ id, username, role }) => ({ id, username, password: passwords[username], role }))
}
