import { ChatError } from '@omni2/client'

/** What to do about an error, where the server's text does not say it. */
const advice: Readonly<Record<string, string>> = {
  bad_credentials: 'Username or password is wrong.',
  connection_failed: 'The server does not answer. Check your network and try again.',
  connection_lost: 'The connection is lost. Reload the page to try again; a running reply goes on meanwhile.',
  conversation_busy: 'Another reply of this conversation is still running. Wait for it, or stop it.',
  model_overloaded: 'The model is overloaded right now. Try again in a minute.',
  unavailable: 'The service is not available right now. Try again in a moment.',
}

/** An error in plain words, with what to do and when. */
export function describeError(error: unknown): string {
  if (!(error instanceof ChatError)) return error instanceof Error ? error.message : String(error)
  const text = advice[error.code] ?? error.message
  const when = describeWhen(error)
  return when === '' ? text : `${text} ${when}`
}

function describeWhen({ resetAt, retryAfterMs }: ChatError): string {
  if (resetAt !== undefined) return `You can go on ${formatMoment(new Date(resetAt))}.`
  if (retryAfterMs === undefined || retryAfterMs < 1000) return ''
  return `Try again in ${Math.ceil(retryAfterMs / 1000)} seconds.`
}

function formatMoment(at: Date): string {
  const isToday = at.toDateString() === new Date().toDateString()
  const time = at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
  return isToday ? `at ${time}` : `on ${at.toLocaleDateString(undefined, { dateStyle: 'medium' })} at ${time}`
}
