import { listChanges } from './changes/list-changes.ts'
import {
  changeConversation,
  deleteConversation,
  getConversation,
  listConversations,
  listConversationTurns,
} from './conversations/conversations.ts'
import { deleteDeadLetter, replayDeadLetter } from './dead-letters/change-dead-letters.ts'
import { getDeadLetter, listDeadLetters } from './dead-letters/read-dead-letters.ts'
import { tryDeadLetter } from './dead-letters/try-dead-letter.ts'
import { makeDescribeApi } from './document/describe-api.ts'
import { exportFlows } from './flows/export-flows.ts'
import { getFlow, listFlowGroups, listFlows, readFlowStatistics } from './flows/read-flows.ts'
import { changeDefaultLimits, getDefaultLimits, setDefaultLimits } from './limits/default-limits.ts'
import { listNearLimits } from './limits/near-limits.ts'
import { changeUserLimits, deleteUserLimits, getUserLimits, setUserLimits } from './limits/user-limits.ts'
import { changeMcpServer, createMcpServer, deleteMcpServer } from './mcp-servers/change-servers.ts'
import { getMcpServer, listMcpServers } from './mcp-servers/read-servers.ts'
import { callMcpTool } from './mcp-servers/call-tool.ts'
import { testMcpServer } from './mcp-servers/test-server.ts'
import { getMe } from './me/get-me.ts'
import type { Operation } from './request/operation.ts'
import { deletePrice, setPrice } from './prices/change-prices.ts'
import { listPrices } from './prices/list-prices.ts'
import { changeRole, createRole, deleteRole } from './roles/change-roles.ts'
import { previewRole } from './roles/preview-role.ts'
import { getRole, listRoles } from './roles/read-roles.ts'
import {
  deleteDefaultSystemPrompt,
  deleteRoleSystemPrompt,
  listSystemPrompts,
  setDefaultSystemPrompt,
  setRoleSystemPrompt,
} from './system-prompts/system-prompts.ts'
import { readSystem } from './system/read-system.ts'
import { cancelTurn } from './turns/cancel-turn.ts'
import { getTurn, listTurns, listUserTurns } from './turns/read-turns.ts'
import { readUsage } from './usage/read-usage.ts'
import { blockUser, changeBlock, getBlock } from './users/block-user.ts'
import { changeUser } from './users/change-user.ts'
import { createUser } from './users/create-user.ts'
import { deleteUser } from './users/delete-user.ts'
import { followUser } from './users/follow-user.ts'
import { getUser } from './users/get-user.ts'
import { inviteUser, withdrawInvitation } from './users/invite-user.ts'
import { kickUser } from './users/kick-user.ts'
import { listUsers } from './users/list-users.ts'
import { logOutUser } from './users/log-out-user.ts'
import { setPassword } from './users/set-password.ts'
import { monitorUser, stopMonitoringUser } from './users/monitor-user.ts'
import {
  deleteRoleWelcome,
  deleteUserWelcome,
  setDefaultWelcome,
  setRoleWelcome,
  setUserWelcome,
} from './welcomes/change-welcomes.ts'
import { listWelcomes } from './welcomes/list-welcomes.ts'

/** Everything the Admin API does. */
export const operations: readonly Operation[] = [
  listUsers,
  getUser,
  createUser,
  changeUser,
  setPassword,
  inviteUser,
  withdrawInvitation,
  deleteUser,
  getBlock,
  blockUser,
  changeBlock,
  kickUser,
  logOutUser,
  monitorUser,
  stopMonitoringUser,
  followUser,
  getUserLimits,
  setUserLimits,
  changeUserLimits,
  deleteUserLimits,
  getDefaultLimits,
  setDefaultLimits,
  changeDefaultLimits,
  listNearLimits,
  readUsage,
  listPrices,
  setPrice,
  deletePrice,
  listRoles,
  getRole,
  createRole,
  changeRole,
  previewRole,
  deleteRole,
  listWelcomes,
  setDefaultWelcome,
  setRoleWelcome,
  deleteRoleWelcome,
  setUserWelcome,
  deleteUserWelcome,
  listSystemPrompts,
  setDefaultSystemPrompt,
  deleteDefaultSystemPrompt,
  setRoleSystemPrompt,
  deleteRoleSystemPrompt,
  listMcpServers,
  getMcpServer,
  createMcpServer,
  changeMcpServer,
  deleteMcpServer,
  testMcpServer,
  callMcpTool,
  readSystem,
  listTurns,
  listUserTurns,
  getTurn,
  cancelTurn,
  listDeadLetters,
  getDeadLetter,
  tryDeadLetter,
  replayDeadLetter,
  deleteDeadLetter,
  listChanges,
  makeDescribeApi('admin', () => operations),
]

/** Everything that users do with what is their own. */
export const chatOperations: readonly Operation[] = [
  getMe,
  listConversations,
  getConversation,
  changeConversation,
  deleteConversation,
  listConversationTurns,
  listFlows,
  listFlowGroups,
  readFlowStatistics,
  exportFlows,
  getFlow,
  makeDescribeApi('chat', () => chatOperations),
]
