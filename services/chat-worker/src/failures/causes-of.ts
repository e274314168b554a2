const deepest = 8

/** An error and its causes, outermost first. */
export function* causesOf(error: unknown): Generator<Error> {
  let cause = error
  for (let depth = 0; depth < deepest && cause instanceof Error; depth += 1) {
    yield cause
    cause = cause instanceof AggregateError ? cause.errors[0] : cause.cause
  }
}
