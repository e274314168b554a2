import { ChatError, logIn, type TokenProvider } from '@omni2/client'
import { OperatorError } from '../operator-error.ts'
import type { Credentials } from './find-credentials.ts'

/** Logs in, and again when the login can no longer be refreshed. Throws an OperatorError when it is refused. */
export async function keepLogin(credentials: Credentials): Promise<TokenProvider> {
  let login = await openLogin(credentials)
  return async (need) => {
    try {
      return await login.token(need)
    } catch (error) {
      if (!(error instanceof ChatError) || error.status !== 401) throw error
      login = await logIn(credentials)
      return login.token({ renew: false })
    }
  }
}

async function openLogin(credentials: Credentials) {
  try {
    return await logIn(credentials)
  } catch (error) {
    throw describeRefusal(error, credentials)
  }
}

function describeRefusal(error: unknown, { url, username }: Credentials): unknown {
  if (!(error instanceof ChatError)) return error
  if (error.status === undefined)
    return new OperatorError(`nothing answers at ${url}; start it with: npm start`, { cause: error })
  return new OperatorError(`${username} could not log in at ${url}: ${error.message}`, { cause: error })
}
