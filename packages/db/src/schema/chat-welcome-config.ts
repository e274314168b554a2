import type { Defaulted, Nullable, UtcTimestamp } from './column.ts'

/** `omni2.chat_welcome_config`: by user, else by role, else the one default row. */
export interface ChatWelcomeConfig {
  id: Defaulted<number>
  /** `user`, `role`, `default`; `superseded_default` for what was a second default once. */
  config_type: string
  /** User id, role id, or null for the default. */
  target_id: Nullable<number>
  welcome_message: string
  show_usage_info: Nullable<boolean>
  created_at: Nullable<UtcTimestamp>
  updated_at: Nullable<UtcTimestamp>
}
