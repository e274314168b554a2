/** Everything that operators can do, as it stands in `omni2.admin_changes`. */
export const changeActions = [
  'user.change',
  'user.block',
  'user.unblock',
  'user.kick',
  'user.log_out',
  'user.monitor',
  'user.stop_monitoring',
  'limits.set',
  'limits.delete',
  'limits.set_default',
  'role.create',
  'role.change',
  'role.delete',
  'welcome.set',
  'welcome.delete',
  'system_prompt.set',
  'system_prompt.delete',
  'mcp_server.create',
  'mcp_server.change',
  'mcp_server.delete',
  'mcp_server.test',
  'turn.cancel',
  'dead_letter.replay',
  'dead_letter.delete',
] as const

export type ChangeAction = (typeof changeActions)[number]
