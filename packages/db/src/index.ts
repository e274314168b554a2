export { awaitDatabase } from './await-database.ts'
export { isConnectionLost, isUniqueViolation } from './classify-error.ts'
export { isDatabaseReady } from './is-database-ready.ts'
export { type Database, type DatabaseOptions, openDatabase } from './open-database.ts'
export { findUserByLogin, type LoginUser } from './queries/find-user-by-login.ts'
export { insertFlowEvents, type NewFlow } from './queries/insert-flow-events.ts'
export { insertSession, type NewSession } from './queries/insert-session.ts'
export { insertTurnRecords } from './queries/insert-turn-records.ts'
export { isConversationOf } from './queries/is-conversation-of.ts'
export { loadSessionUser, type SessionUser } from './queries/load-session-user.ts'
export { loadWelcome, type Welcome } from './queries/load-welcome.ts'
export { rebuildFlows } from './queries/rebuild-flows.ts'
export { recordLogin } from './queries/record-login.ts'
export { type Login, type LoginState, selectLoginState } from './queries/select-login-state.ts'
export { selectUsageToday, type UsageToday } from './queries/select-usage-today.ts'
export type { Schema } from './schema/schema.ts'
export { claimTurn, type ClaimedTurn, conversationLease } from './queries/claim-turn.ts'
export { endStaleTurns } from './queries/end-stale-turns.ts'
export { loadTurn, type StoredTurn } from './queries/load-turn.ts'
export {
  loadTurnContext,
  type PeriodUsage,
  type TurnContext,
  type UserLimits,
} from './queries/load-turn-context.ts'
export { requestCancel } from './queries/request-cancel.ts'
export { refuseUnclaimedTurn } from './queries/refuse-unclaimed-turn.ts'
export { settleTurn, type StoredTerminal, type TurnSettlement } from './queries/settle-turn.ts'
