import { parseArgs } from 'node:util'
import { defaultConfig, type SimulatorConfig } from './config.ts'

export const help = `Speaks the Anthropic Messages API without a model behind it. Its README has the directives.

  --port N            port, 0 = any free one (default ${defaultConfig.port})
  --host ADDRESS      address to listen on (default ${defaultConfig.host})
  --pace-ms N         milliseconds between two tokens (default ${defaultConfig.paceMs})
  --first-token-ms N  milliseconds before the first token (default ${defaultConfig.firstTokenMs})
  --tokens N          about how many tokens a reply has (default ${defaultConfig.tokens})
  --models A,B        the model names that exist (default: every name)
  --log-entries N     how many requests /_log remembers (default ${defaultConfig.maxLogEntries})
  --help              this text

When it listens it prints one line, {"url","port","pid"}. SIGINT and SIGTERM stop it.`

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  'pace-ms': { type: 'string' },
  'first-token-ms': { type: 'string' },
  tokens: { type: 'string' },
  models: { type: 'string' },
  'log-entries': { type: 'string' },
  help: { type: 'boolean' },
} as const

/** Reads the command line; undefined asks for help. Throws one line for a flag that is unknown or out of bounds. */
export function readCommand(args: readonly string[]): SimulatorConfig | undefined {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) return undefined
  const models = values.models?.split(',').map((model) => model.trim())
  return {
    ...defaultConfig,
    host: values.host ?? defaultConfig.host,
    port: readNumber('port', values.port, { fallback: defaultConfig.port, max: 65_535 }),
    paceMs: readNumber('pace-ms', values['pace-ms'], { fallback: defaultConfig.paceMs, max: 60_000 }),
    firstTokenMs: readNumber('first-token-ms', values['first-token-ms'], {
      fallback: defaultConfig.firstTokenMs,
      max: 60_000,
    }),
    tokens: readNumber('tokens', values.tokens, { fallback: defaultConfig.tokens, max: 20_000 }),
    maxLogEntries: readNumber('log-entries', values['log-entries'], {
      fallback: defaultConfig.maxLogEntries,
      max: 1_000_000,
    }),
    ...(models && { models }),
  }
}

function readNumber(
  flag: string,
  value: string | undefined,
  { fallback, max }: { fallback: number; max: number },
): number {
  if (value === undefined) return fallback
  if (/^\d{1,9}$/.test(value) && Number(value) <= max) return Number(value)
  throw new RangeError(`--${flag} needs a whole number from 0 to ${max}, got ${JSON.stringify(value)}`)
}
