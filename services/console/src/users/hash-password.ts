import type { ConsoleConfig } from '../config.ts'
import { ConsoleRefused } from '../console-refused.ts'
import type { ConsoleServices } from '../request/operation.ts'

/** The hash that is stored of a password. Throws ConsoleRefused when too many wait for theirs. */
export async function hashPassword(
  password: string,
  {
    bcrypt,
    config: { CONSOLE_PASSWORD_QUEUE, CONSOLE_PASSWORD_COST },
  }: Pick<ConsoleServices, 'bcrypt'> & {
    readonly config: Pick<ConsoleConfig, 'CONSOLE_PASSWORD_QUEUE' | 'CONSOLE_PASSWORD_COST'>
  },
): Promise<string> {
  if (bcrypt.waiting >= CONSOLE_PASSWORD_QUEUE)
    throw new ConsoleRefused('too_many_passwords', { fields: { retry_after_ms: 5000 } })
  return bcrypt.hash(password, CONSOLE_PASSWORD_COST)
}
