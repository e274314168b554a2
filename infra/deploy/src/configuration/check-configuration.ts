import { ConfigError, type Environment } from '@omni2/service-kit'
import type { ConfiguredService } from './services.ts'

/** What is wrong with the environment of one service. */
export interface ServiceProblems {
  readonly service: string
  readonly problems: readonly string[]
}

/** Reads each service's configuration as the service would; those without problems are not in the result. */
export function checkConfiguration(
  checked: readonly ConfiguredService[],
  environmentOf: (service: string) => Environment,
): readonly ServiceProblems[] {
  return checked
    .map(({ name, read }) => ({ service: name, problems: findProblems(() => read(environmentOf(name))) }))
    .filter(({ problems }) => problems.length > 0)
}

function findProblems(read: () => unknown): readonly string[] {
  try {
    read()
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}
