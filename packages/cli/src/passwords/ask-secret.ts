import { Terminal } from '../chat/terminal.ts'
import { OperatorError } from '../operator-error.ts'

/** True where a person sits at a terminal and can be asked. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY

/** A line that the person types and that is not shown. Throws an OperatorError after Ctrl-C or Ctrl-D. */
export async function askSecret(prompt: string): Promise<string> {
  const leaving = new AbortController()
  const end = () => leaving.abort()
  using terminal = new Terminal({
    input: process.stdin,
    output: process.stderr,
    onInterrupt: end,
    onEnd: end,
  })
  leaving.signal.addEventListener('abort', () => terminal[Symbol.dispose]())
  const secret = await terminal.readSecret(prompt)
  if (secret === undefined) throw new OperatorError('no password was given', { exitCode: 130 })
  return secret
}
