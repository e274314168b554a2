import { services } from './services.ts'
import type { ServiceVariable } from './describe-variables.ts'

/** The text of docs/configuration.md. */
export function makeConfigurationPage(variables: readonly ServiceVariable[]): string {
  const byName = Map.groupBy(variables, ({ name }) => name)
  const names = [...byName.keys()].toSorted()
  const rows = names.map((name) => writeRow(name, byName.get(name) ?? []))
  return `${head}${[...columns, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')}`
}

const head = `# Configuration

Written by \`npm run generate\` from the services' schemas; a test holds it in step.

Services are configured by environment variables and by nothing else. An empty value counts as not set. For each variable, \`NAME_FILE\` may name a file that holds its value instead, which is the way for those marked *secret*; giving both is an error. A service with bad configuration prints every bad variable, never a value, and ends with 78.

\`npm run config -- check\` does that for all services at once, before anything is started, with the variables of the environment and of \`.env\`; \`npm run config -- check --compose\` with those that \`docker compose\` would give each service, \`npm run config -- check --local\` with those that \`npm start\` would, which also asks the given servers. A variable that nothing reads is named with the known one nearest to it. [.env.example](../.env.example) is the same list to fill in, with the variables of \`npm start\` and of compose.

`

const columns = [
  ['variable', 'services', 'value', 'default', 'meaning'],
  ['---', '---', '---', '---', '---'],
]

function writeRow(name: string, uses: readonly ServiceVariable[]): string[] {
  const users = uses.map(({ service }) => service)
  const kinds = joinTexts(uses, ({ kind, isSecret }) => (isSecret ? '*secret*' : kind))
  const fallbacks = joinTexts(uses, writeFallback)
  const meanings = joinTexts(uses, ({ meaning = '' }) => meaning)
  const who = users.length === services.length ? 'all' : users.join(', ')
  return [`\`${name}\``, who, kinds, fallbacks, meanings].map((cell) => cell.replaceAll('|', '\\|'))
}

function writeFallback({ fallback, isRequired }: ServiceVariable): string {
  if (isRequired) return '**required**'
  return fallback === undefined || fallback === '' ? '' : `\`${fallback}\``
}

/** One text where all services agree; else one text for each service. */
function joinTexts(uses: readonly ServiceVariable[], describe: (use: ServiceVariable) => string): string {
  const texts = Map.groupBy(uses, describe)
  if (texts.size === 1) return [...texts.keys()].join('')
  const parts = [...texts].map(
    ([text, by]) => `${by.map(({ service }) => service).join(', ')}: ${text || '–'}`,
  )
  return parts.map((part) => part.replace(/\.$/, '')).join('; ')
}
