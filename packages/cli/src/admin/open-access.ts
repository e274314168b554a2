import type { Environment } from '@omni2/service-kit'
import { findCredentials } from '../chat/find-credentials.ts'
import { keepLogin } from '../chat/keep-login.ts'
import { nameDataFolder } from '../data-folder/data-folder.ts'
import { readLiveState } from '../data-folder/run-state.ts'
import { makeUsageError } from '../operator-error.ts'
import { askSecret, canAsk } from '../passwords/ask-secret.ts'

export interface AccessOptions {
  readonly url: string | undefined
  readonly user: string
  readonly password: string | undefined
  readonly dataFolder: string
}

/** Where `npm start` listens when nothing else is said. */
const defaultUrl = 'http://127.0.0.1:8080'

/** Where the Admin API is, and an access token for it: ADMIN_TOKEN, else that of a login as in `npm run chat`. */
export async function openAccess(
  options: AccessOptions,
  { env }: { env: Environment },
): Promise<{ url: string; token: string }> {
  if (options.url !== undefined && !/^https?:$/.test(URL.parse(options.url)?.protocol ?? ''))
    throw makeUsageError('--url: must be an http or https URL')
  const given = env['ADMIN_TOKEN']
  if (given) return { url: await findUrl(options), token: given }
  const askPassword = canAsk() ? askSecret : undefined
  const chatter = { ...options, sse: false, conversation: undefined }
  const credentials = await findCredentials(chatter, { askPassword })
  const token = await keepLogin(credentials)
  return { url: credentials.url, token: await token({ renew: false }) }
}

async function findUrl({ url, dataFolder }: AccessOptions): Promise<string> {
  const live = await readLiveState(nameDataFolder(dataFolder).stateFile)
  return new URL(url ?? live?.url ?? defaultUrl).href.replace(/\/$/, '')
}
