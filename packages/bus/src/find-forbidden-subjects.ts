import { headers, RequestError, type NatsConnection } from '@nats-io/transport-node'
import { PermissionViolationError } from '@nats-io/transport-node'
import { inboxPrefixOf, natsAccess, natsUsers } from '@omni2/contracts'

/** What the services that log in as a NATS user need and the user may not do. */
export interface ForbiddenSubjects {
  readonly operation: 'publish to' | 'subscribe to'
  readonly subjects: readonly string[]
}

/**
 * Tries what the services need of one user's permissions. Subscriptions are made and given up; publishes are those whose
 * message no stream takes, for its header names another one, and requests of the JetStream API that only look.
 */
export async function findForbiddenSubjects(
  connection: NatsConnection,
  { answerDeadlineMs }: { answerDeadlineMs: number },
): Promise<ForbiddenSubjects[]> {
  const unheard = await findUnheard(connection)
  const unsaid: string[] = []
  for (const subject of harmlessPublishes)
    if (await isForbidden(connection, subject, answerDeadlineMs)) unsaid.push(subject)
  const forbidden: ForbiddenSubjects[] = [
    { operation: 'subscribe to', subjects: unheard },
    { operation: 'publish to', subjects: unsaid },
  ]
  return forbidden.filter(({ subjects }) => subjects.length > 0)
}

async function findUnheard(connection: NatsConnection): Promise<string[]> {
  const inboxes = natsUsers.map((user) => `${inboxPrefixOf(user)}.>`)
  const heard = natsUsers.flatMap((user) => natsAccess[user].subscribe)
  const needed = new Set([...inboxes, ...heard.filter((subject) => subject !== '_INBOX.>')])
  const refused = new Set<string>()
  const subscriptions = [...needed].map((subject) =>
    connection.subscribe(subject, {
      callback: (error) => void (error instanceof PermissionViolationError && refused.add(subject)),
    }),
  )
  await connection.flush()
  for (const subscription of subscriptions) subscription.unsubscribe()
  return [...refused]
}

/** Of the streams and of the API that makes them. */
const harmlessPublishes = [
  '$JS.API.INFO',
  '$JS.API.STREAM.INFO.CHAT_TURNS',
  'chat.turns',
  'flow.events.omni2-check',
  'flow.accepted.omni2-check',
  'dead.omni2-check',
]

async function isForbidden(connection: NatsConnection, subject: string, timeout: number): Promise<boolean> {
  const elsewhere = headers()
  elsewhere.set('Nats-Expected-Stream', 'OMNI2_CHECK_NO_STREAM')
  const options = subject.startsWith('$JS.API.') ? { timeout } : { timeout, headers: elsewhere }
  try {
    await connection.request(subject, '', options)
    return false
  } catch (error) {
    const cause = error instanceof RequestError ? error.cause : error
    return cause instanceof PermissionViolationError
  }
}
