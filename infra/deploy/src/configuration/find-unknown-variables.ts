import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { closest, distance } from 'fastest-levenshtein'

/** Names that are set, and where. */
export interface VariableSource {
  readonly place: string
  readonly names: readonly string[]
  /** True for a file of this project, with its names only; the environment has names of other programs, too. */
  readonly isProjectFile: boolean
}

/** Read by commands and not by services, so not in .env.example. */
const ofCommands = ['ADMIN_TOKEN', 'DEMO_PASSWORDS', 'OMNI2_PASSWORD', 'OMNI2_PORT', 'INIT_CWD']

/** Names that other programs read from the same files: Node, npm, compose, OpenTelemetry, proxies, the system. */
const ofOthers =
  /^(?:(?:NODE|NPM|COMPOSE|DOCKER|BUILDKIT|OTEL|SSL|LC|AWS|GOOGLE)_\w+|(?:HTTPS?|NO|ALL)_PROXY|TZ|LANG|PATH|HOME|CI|UV_\w+|FORCE_COLOR|NO_COLOR)$/i

/** Prefixes that only this project uses, also in the environment. */
const ofOurs = /^(?:EDGE|WORKER|RECORDER|CONSOLE|GATEWAY|OMNI2|MCP|TURN)_/

/** A name that differs in more than this share of its letters is another name. */
const nearShare = 0.34

/** A line for each variable that nothing reads, with the known one that is nearest to it. */
export async function findUnknownVariables(
  root: string,
  sources: readonly VariableSource[],
): Promise<string[]> {
  const known = await readKnownNames(root)
  return sources.flatMap(({ place, names, isProjectFile }) =>
    names.flatMap((name) => {
      if (known.has(name) || ofOthers.test(name)) return []
      const nearest = findNearest(name, known)
      if (!isProjectFile && nearest === undefined && !ofOurs.test(name)) return []
      const question = nearest === undefined ? '' : `; did you mean ${nearest}?`
      return [`${name} in ${place} is not known${question}`]
    }),
  )
}

/** .env.example has every variable, which a test holds. */
async function readKnownNames(root: string): Promise<ReadonlySet<string>> {
  const example = await readFile(join(root, '.env.example'), 'utf8')
  const names = [...example.matchAll(/^#([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name)
  return new Set([...names, ...ofCommands].flatMap((name) => [name, `${name}_FILE`]))
}

function findNearest(name: string, known: ReadonlySet<string>): string | undefined {
  const nearest = closest(name, [...known])
  // Short names are near to many: TERM is no misspelled MODEL.
  return distance(name, nearest) <= Math.min(3, Math.floor(name.length * nearShare)) && name.length > 6
    ? nearest
    : undefined
}
