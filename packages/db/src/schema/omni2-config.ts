import type { Defaulted, Json, Nullable, UtcTimestamp } from './column.ts'

/** `omni2.omni2_config` */
export interface Omni2Config {
  id: Defaulted<number>
  config_key: string
  config_value: Json
  description: Nullable<string>
  is_active: Nullable<boolean>
  created_at: Nullable<UtcTimestamp>
  updated_at: Nullable<UtcTimestamp>
}
