import type { Migration } from 'kysely/migration'
import * as originalTables from '../0001-original-tables.ts'
import * as flowStatus from '../0002-flow-status.ts'
import * as activityWithoutConversation from '../0003-activity-without-conversation.ts'
import * as auditRowPerTurn from '../0004-audit-row-per-turn.ts'
import * as oneDefaultWelcome from '../0005-one-default-welcome.ts'
import * as turns from '../0006-turns.ts'
import * as usageReservations from '../0007-usage-reservations.ts'
import * as conversations from '../0008-conversations.ts'
import * as flowEvents from '../0009-flow-events.ts'
import * as sessions from '../0010-sessions.ts'
import * as flowConversationId from '../0011-flow-conversation-id.ts'
import * as refreshTokens from '../0012-refresh-tokens.ts'
import * as tickets from '../0013-tickets.ts'
import * as usageOfDeadAttempts from '../0014-usage-of-dead-attempts.ts'
import * as administration from '../0015-administration.ts'
import * as turnStalls from '../0016-turn-stalls.ts'
import * as refusedTurns from '../0017-refused-turns.ts'
import * as declinedTurns from '../0024-declined-turns.ts'
import * as modelPrices from '../0025-model-prices.ts'
import * as questionDigest from '../0027-question-digest.ts'
import * as queueOfRunningTurns from '../0028-queue-of-running-turns.ts'
import * as reservationsWithoutRequests from '../0029-reservations-without-requests.ts'
import * as search from '../0030-search.ts'
import * as usageDays from '../0031-usage-days.ts'
import * as activitiesByTurn from '../0032-activities-by-turn.ts'
import * as invitations from '../0033-invitations.ts'
import * as rareFlows from '../0034-rare-flows.ts'

/** Every migration in the order it runs, by its file name; a name is never changed once released. */
export const migrations: Readonly<Record<string, Required<Migration>>> = {
  '0001-original-tables': originalTables,
  '0002-flow-status': flowStatus,
  '0003-activity-without-conversation': activityWithoutConversation,
  '0004-audit-row-per-turn': auditRowPerTurn,
  '0005-one-default-welcome': oneDefaultWelcome,
  '0006-turns': turns,
  '0007-usage-reservations': usageReservations,
  '0008-conversations': conversations,
  '0009-flow-events': flowEvents,
  '0010-sessions': sessions,
  '0011-flow-conversation-id': flowConversationId,
  '0012-refresh-tokens': refreshTokens,
  '0013-tickets': tickets,
  '0014-usage-of-dead-attempts': usageOfDeadAttempts,
  '0015-administration': administration,
  '0016-turn-stalls': turnStalls,
  '0017-refused-turns': refusedTurns,
  '0024-declined-turns': declinedTurns,
  '0025-model-prices': modelPrices,
  '0027-question-digest': questionDigest,
  '0028-queue-of-running-turns': queueOfRunningTurns,
  '0029-reservations-without-requests': reservationsWithoutRequests,
  '0030-search': search,
  '0031-usage-days': usageDays,
  '0032-activities-by-turn': activitiesByTurn,
  '0033-invitations': invitations,
  '0034-rare-flows': rareFlows,
}
