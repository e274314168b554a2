/** Characters of a tool's name, as a set in a regular expression. */
export const toolNameCharacters = 'A-Za-z0-9_./-'

const toolName = new RegExp(`^[${toolNameCharacters}]{1,128}$`)

/**
 * Whether a tool's name is one that servers may give: 1 to 128 ASCII letters, digits, `_`, `-` and `.` (MCP 2026-07-28,
 * "Tool Names"), and `/`, which SEP-986 permits. No other tool is offered, so the name that a rule is held against is,
 * byte for byte, the one that operators read and servers are called by.
 */
export const isToolName = (name: string): boolean => toolName.test(name)
