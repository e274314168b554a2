/** Meanings that several services share, or that the name says already; a comment beside the schema wins. */
export const sharedMeanings: Readonly<Record<string, string>> = {
  NODE_ENV: 'In `production` the services refuse secrets that are demo values or easy to guess.',
  LOG_LEVEL: 'Least severe level that is logged.',
  NATS_URL:
    'The NATS server with the user and the password of this service: nats://ws-edge:password@host:4222.',
  DATABASE_URL: 'The Postgres database: postgres://user:password@host:5432/database.',
  DATABASE_POOL_MAX: 'Database connections of one process.',
  DATABASE_STATEMENT_TIMEOUT_MS: 'Longest time in milliseconds that a statement may take.',
  ANTHROPIC_API_KEY: "Key for the model's API.",
  ANTHROPIC_BASE_URL: 'Another server that speaks the Anthropic Messages API.',
  MODEL: 'The model that answers.',
  MODEL_SYSTEM_PROMPT: 'System prompt where the database has none for the role.',
  AUTH_JWT_ISSUER: '`iss` of the access tokens.',
  AUTH_JWT_AUDIENCE: '`aud` of the access tokens.',
  AUTH_LOGIN_WINDOW_SECONDS: 'The window in which failed logins are counted, in seconds.',
  CONNECTIONS_PER_ADDRESS_PER_MINUTE: 'New connections a minute of one address (an IPv6 one with its /64).',
  EDGE_FRAMES_BURST: 'Frames at once from one connection.',
  EDGE_RECHECK_BATCH: 'Logins in one question whether their users may still chat.',
  EDGE_RESULT_TIMEOUT_MS: "Longest wait for a turn's row, in milliseconds.",
  MCP_CONNECT_TIMEOUT_MS: 'Longest wait for a connection to an MCP server, in milliseconds.',
  MCP_BREAKER_OPEN_MS: 'How long a failing MCP server is left alone, in milliseconds.',
  OPERATOR_ROLES: 'Roles that may look at everything and change nothing.',
  TRUSTED_PROXIES: 'Address ranges whose X-User-Id is believed with `WS_EDGE_TRUST=header`, comma-separated.',
  RESUME_TOKEN_LIFETIME_MS: 'Life of a resume token in milliseconds.',
}

/** Variables that hold a secret, alone or in a URL: compose gives them as files. */
export const secretNames: ReadonlySet<string> = new Set([
  'ANTHROPIC_API_KEY',
  'AUTH_JWT_SECRET',
  'AUTH_SIGNING_KEY',
  'DATABASE_URL',
  'NATS_URL',
  'REDIS_URL',
  'RESUME_TOKEN_SECRET',
])
