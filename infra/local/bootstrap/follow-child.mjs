import { constants } from 'node:os'

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Passes signals on to a child until it ends.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number | string>} its exit code, 128 + n after signal n, or the code of the error that kept it from starting
 */
export async function followChild(child) {
  const pass = (signal) => child.kill(signal)
  for (const signal of forwarded) process.on(signal, pass)
  try {
    return await new Promise((resolve) => {
      child.once('error', (error) => resolve(error.code ?? error.message))
      child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]))
    })
  } finally {
    for (const signal of forwarded) process.off(signal, pass)
  }
}
