/** An error that the person at the keyboard can correct; its message is shown without a stack. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
  readonly exitCode: number

  constructor(message: string, { exitCode = 1, ...options }: ErrorOptions & { exitCode?: number } = {}) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** The command line was not understood: exit code 2. */
export function makeUsageError(message: string): OperatorError {
  return new OperatorError(message, { exitCode: 2 })
}
