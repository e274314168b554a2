/** Which of the active MCP servers a role may use: names or `*`; empty or null is none. Both lists come back sorted. */
export function findServers(
  access: readonly string[] | null,
  active: readonly string[],
): { permitted: string[]; denied: string[] } {
  const names = new Set(access ?? [])
  const isPermitted = (server: string) => names.has('*') || names.has(server)
  const sorted = active.toSorted()
  return { permitted: sorted.filter(isPermitted), denied: sorted.filter((server) => !isPermitted(server)) }
}
