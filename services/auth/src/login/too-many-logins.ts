import { RetryableError } from '@omni2/service-kit'

/** Too many wrong passwords for an account, or from an address (429). */
export class TooManyLogins extends RetryableError {
  override readonly name = 'TooManyLogins'
  readonly scope: 'account' | 'address'

  constructor(scope: 'account' | 'address', retryAfterMs: number) {
    super('too_many_logins', 'Too many failed logins; try again later.', { retryAfterMs })
    this.scope = scope
  }
}
