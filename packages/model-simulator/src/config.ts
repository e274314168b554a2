export interface SimulatorConfig {
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
  /** Time between two tokens; a directive's `pace` wins. */
  readonly paceMs: number
  /** Time before the first token; a directive's `first-token` wins. */
  readonly firstTokenMs: number
  /** Middle of a reply's length where no directive gives one: the real length is within a quarter of it. */
  readonly tokens: number
  /** The model names that exist; any other is a 404. Without it every name is accepted. */
  readonly models?: readonly string[]
  /** A longer prompt is a 400. */
  readonly contextTokens: number
  /** The prompt cache takes no shorter prefix. */
  readonly minCachedTokens: number
  /** A larger request body is a 413. */
  readonly maxBodyBytes: number
  /** Connections above it are closed at once. */
  readonly maxConnections: number
  /** The log forgets its oldest finished requests above either bound. */
  readonly maxLogEntries: number
  readonly maxLogBytes: number
  /** The prompt cache forgets its least recently used prefix above it. */
  readonly maxCachedPrefixes: number
  /** `fail-first` forgets its least recently counted key above it. */
  readonly maxFailureKeys: number
}

const mebibyte = 1024 * 1024

export const defaultConfig: SimulatorConfig = Object.freeze({
  host: '127.0.0.1',
  port: 0,
  paceMs: 20,
  firstTokenMs: 50,
  tokens: 45,
  contextTokens: 1_000_000,
  minCachedTokens: 1024,
  maxBodyBytes: 32 * mebibyte,
  maxConnections: 4096,
  maxLogEntries: 1000,
  maxLogBytes: 64 * mebibyte,
  maxCachedPrefixes: 10_000,
  maxFailureKeys: 10_000,
})
