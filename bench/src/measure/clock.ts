/** Microseconds of the machine's monotonic clock, the same in every process. */
export const microseconds = (): number => Number(process.hrtime.bigint() / 1000n)

/** A token that says when it was made: a space, then microseconds in base 36. */
export const stampToken = (): string => ` ${microseconds().toString(36)}`

/** The times in a piece of text, in microseconds; merged frames have several. */
export const readStamps = (text: string): number[] =>
  text
    .split(' ')
    .filter((stamp) => stamp !== '')
    .map((stamp) => Number.parseInt(stamp, 36))
