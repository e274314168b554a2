/** The environment of a service whose clock a test sets with SIGUSR2: to an hour ahead, and back. */
export const clockJumpEnv = { NODE_OPTIONS: `--import=${new URL('jump-clock.ts', import.meta.url).href}` }
