import type { AdminChanges } from './admin-changes.ts'
import type { AuditLogs } from './audit-logs.ts'
import type { ChatWelcomeConfig } from './chat-welcome-config.ts'
import type { Conversations } from './conversations.ts'
import type { FlowEvents } from './flow-events.ts'
import type { InteractionFlows } from './interaction-flows.ts'
import type { Invitations } from './invitations.ts'
import type { McpServers } from './mcp-servers.ts'
import type { ModelPrices } from './model-prices.ts'
import type { MonitoredUsers } from './monitored-users.ts'
import type { Omni2Config } from './omni2-config.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import type { Roles } from './roles.ts'
import type { Sessions } from './sessions.ts'
import type { Tickets } from './tickets.ts'
import type { TurnStalls } from './turn-stalls.ts'
import type { Turns } from './turns.ts'
import type { UsageDays } from './usage-days.ts'
import type { UsageReservations } from './usage-reservations.ts'
import type { UserActivities } from './user-activities.ts'
import type { UserBlocks } from './user-blocks.ts'
import type { UserUsageLimits } from './user-usage-limits.ts'
import type { Users } from './users.ts'

/** Every table by its full name. */
export interface Schema {
  'auth_service.invitations': Invitations
  'auth_service.refresh_tokens': RefreshTokens
  'auth_service.roles': Roles
  'auth_service.sessions': Sessions
  'auth_service.tickets': Tickets
  'auth_service.users': Users
  'omni2.admin_changes': AdminChanges
  'omni2.audit_logs': AuditLogs
  'omni2.chat_welcome_config': ChatWelcomeConfig
  'omni2.conversations': Conversations
  'omni2.flow_events': FlowEvents
  'omni2.interaction_flows': InteractionFlows
  'omni2.mcp_servers': McpServers
  'omni2.model_prices': ModelPrices
  'omni2.monitored_users': MonitoredUsers
  'omni2.omni2_config': Omni2Config
  'omni2.turn_stalls': TurnStalls
  'omni2.turns': Turns
  'omni2.usage_days': UsageDays
  'omni2.usage_reservations': UsageReservations
  'omni2.user_activities': UserActivities
  'omni2.user_blocks': UserBlocks
  'omni2.user_usage_limits': UserUsageLimits
}
