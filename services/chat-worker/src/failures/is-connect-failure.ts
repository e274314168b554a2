/** System calls that come before anything is sent; a process is started with `spawn <command>`. */
const connecting = /^(connect|getaddrinfo|spawn)\b/

/**
 * Whether an error, as Node and undici name it, means that a connection was never made. The code alone is not enough: a
 * network may also become unreachable during the wait for an answer.
 */
export const isConnectFailure = (error: Error): boolean =>
  ('syscall' in error && connecting.test(String(error.syscall))) ||
  ('code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT')
