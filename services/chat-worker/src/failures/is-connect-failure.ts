/** System calls that come before anything is sent; a process is started with `spawn <command>`. */
const connecting = /^(connect|getaddrinfo|spawn)\b/

/**
 * Whether an error says that a connection was never made, as Node and undici name them. The code alone does not: a
 * network may also become unreachable while an answer is waited for.
 */
export const isConnectFailure = (error: Error): boolean =>
  ('syscall' in error && connecting.test(String(error.syscall))) ||
  ('code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT')
