import { ConfigError } from '@omni2/service-kit'

/** Errors whose message is all that a person needs. */
const explained = new Set([
  'OperatorError',
  'DataFolderInUseError',
  'PortInUseError',
  'ServerMissingError',
  'ServerStartError',
])

/** What to print for a failed command: the message where it says what to do, else with the stack. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof ConfigError) return `bad configuration: ${error.problems.join('; ')}`
  return explained.has(error.name) ? error.message : (error.stack ?? error.message)
}
