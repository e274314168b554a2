export { findAccountRefusal } from './account/find-account-refusal.ts'
export { watchClock, type WatchedClock } from './watch-clock.ts'
export { awaitDatabase } from './await-database.ts'
export {
  isConnectionLost,
  isOutOfResources,
  isTransient,
  isUnavailable,
  isUniqueViolation,
} from './classify-error.ts'
export { observePool, poolMetrics } from './observe-pool.ts'
export { type Database, type DatabaseOptions, openDatabase } from './open-database.ts'
export { deleteRefusedTurns } from './queries/delete-refused-turns.ts'
export { keepTurnText } from './queries/keep-turn-text.ts'
export { deleteEndedLogins } from './queries/delete-ended-logins.ts'
export { findUserByLogin, type LoginUser } from './queries/find-user-by-login.ts'
export { insertFlowEvents, type NewFlow } from './queries/insert-flow-events.ts'
export { insertTicket, type NewTicket } from './queries/insert-ticket.ts'
export { insertTurnRecords } from './queries/insert-turn-records.ts'
export { findRunningTurn } from './queries/find-running-turn.ts'
export { findSessionEnd } from './queries/find-session-end.ts'
export { isAcceptedTurnOf } from './queries/is-accepted-turn-of.ts'
export { isConversationOf } from './queries/is-conversation-of.ts'
export { listMcpServers, type McpServerRow } from './queries/list-mcp-servers.ts'
export { type AccountKey, loadSessionUser, type SessionUser } from './queries/load-session-user.ts'
export { loadStandings, type Standing } from './queries/load-standings.ts'
export { loadToolPermission, type ToolPermission } from './queries/load-tool-permission.ts'
export { loadModelPrice, type StoredPrice } from './queries/load-model-price.ts'
export { loadWelcome, type Welcome } from './queries/load-welcome.ts'
export { rebuildFlows } from './queries/rebuild-flows.ts'
export { type NewLogin, type NewSession, recordLogin } from './queries/record-login.ts'
export { deleteOldStalls } from './queries/delete-old-stalls.ts'
export { noteStall } from './queries/note-stall.ts'
export { recordToolIntents } from './queries/record-tool-intents.ts'
export { findHighestPasswordCost } from './queries/find-highest-password-cost.ts'
export { replacePasswordHash } from './queries/replace-password-hash.ts'
export { redeemTicket } from './queries/redeem-ticket.ts'
export { revokeLogin } from './queries/revoke-login.ts'
export { revokeLoginOfRefreshToken } from './queries/revoke-login-of-refresh-token.ts'
export { revokeReusedLogin } from './queries/revoke-reused-login.ts'
export { type RefreshedLogin, rotateRefreshToken } from './queries/rotate-refresh-token.ts'
export { type Login, type LoginState, selectLoginState } from './queries/select-login-state.ts'
export {
  type LimitFacts,
  type LiveUsage,
  type PeriodUsage,
  type UserLimits,
} from './queries/select-limit-facts.ts'
export { loadLimitFacts } from './queries/load-limit-facts.ts'
export { renewReservation, type Reservation, reserveUsage } from './queries/reserve-usage.ts'
export { sumReservations } from './queries/sum-reservations.ts'
export { transact } from './transact.ts'
export type { Schema } from './schema/schema.ts'
export { claimTurn, type ClaimedTurn, conversationLease } from './queries/claim-turn.ts'
export {
  deleteExpiredReservations,
  endLostTurns,
  endOverdueTurns,
  listOverdueTurns,
  type OverdueTurn,
  listUnrecordedEnds,
} from './queries/end-stale-turns.ts'
export { listTurnsOfWorkers, type ClaimedMessage } from './queries/list-turns-of-workers.ts'
export { takeAckSubjects } from './queries/take-ack-subjects.ts'
export { listRunningTurns, type RunningTurn } from './queries/list-running-turns.ts'
export { loadTurn, type LoadedTurn, type StoredTurn } from './queries/load-turn.ts'
export { loadTurnContext, type TurnContext } from './queries/load-turn-context.ts'
export { requestCancel } from './queries/request-cancel.ts'
export { refuseUnclaimedTurn } from './queries/refuse-unclaimed-turn.ts'
export { settleTurn, type StoredTerminal, type TurnSettlement } from './queries/settle-turn.ts'
export {
  type AdminChange,
  completeAdminChange,
  insertAdminChange,
  listAdminChanges,
  lockTarget,
} from './queries/admin/admin-changes.ts'
export { anonymizeAccount } from './queries/admin/anonymize-account.ts'
export { type Account, changeAccount, loadAccount } from './queries/admin/change-user.ts'
export {
  findNameHolder,
  insertAccount,
  type NameHolder,
  type NewAccount,
  takeAccountId,
} from './queries/admin/create-account.ts'
export { hasSchema } from './queries/admin/has-schema.ts'
export { type Administrator, listAdministrators } from './queries/admin/list-administrators.ts'
export { listUserIdsOfRole, listUsers } from './queries/admin/list-users.ts'
export {
  deleteMcpServer,
  listRegisteredServers,
  loadMcpServer,
  noteServerHealth,
  type RegisteredServer,
  type RegisteredServerFields,
  saveMcpServer,
} from './queries/admin/mcp-servers.ts'
export { deleteModelPrice, listModelPrices, saveModelPrice } from './queries/admin/model-prices.ts'
export {
  loadMonitoring,
  type Monitoring,
  startMonitoring,
  stopMonitoring,
} from './queries/admin/monitored-user.ts'
export {
  deleteRole,
  listRoles,
  loadRole,
  type Role,
  type RoleFields,
  saveRole,
} from './queries/admin/roles.ts'
export {
  deleteInvitation,
  loadInvitation,
  putInvitation,
  type Invitation,
} from './queries/admin/user-invitations.ts'
export { findInvited, redeemInvitation, type RedeemedInvitation } from './queries/redeem-invitation.ts'
export { setPasswordHash } from './queries/admin/set-password-hash.ts'
export { deleteSetting, listSettings, loadSetting, saveSetting } from './queries/admin/settings.ts'
export {
  findTurnUser,
  listLiveTurns,
  listTurnEvents,
  listUserTurns,
  loadTurnDetails,
  type TurnCursor,
} from './queries/admin/turns.ts'
export { listNearLimits } from './queries/admin/near-limits.ts'
export { listUsage, sumUsage, type UsageCursor } from './queries/admin/usage.ts'
export {
  deleteUsageLimits,
  loadUsageLimits,
  loadUsageToday,
  saveUsageLimits,
  type UsageLimits,
} from './queries/admin/usage-limits.ts'
export { type Block, loadBlock, saveBlock } from './queries/admin/user-block.ts'
export { countLogins, revokeLogins } from './queries/admin/user-logins.ts'
export {
  deleteWelcomeText,
  listWelcomes,
  loadWelcomeText,
  saveWelcomeText,
  type WelcomeTarget,
  type WelcomeText,
} from './queries/admin/welcomes.ts'
export {
  deleteConversation,
  listConversations,
  listSpokenTurns,
  loadConversation,
  renameConversation,
} from './queries/pages/conversations.ts'
export {
  type FlowBucket,
  type FlowFilter,
  type ListedFlow,
  listFlowBuckets,
  listFlowGroups,
  listFlows,
} from './queries/pages/flows.ts'
export type { Place } from './queries/pages/place.ts'
