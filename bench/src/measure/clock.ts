/** Microseconds of the machine's monotonic clock, the same in every process. */
export const microseconds = (): number => Number(process.hrtime.bigint() / 1000n)

const firstLetter = 'a'.charCodeAt(0)

/** A token that says when it was made: a space, then microseconds in hexadecimal with the letters a to p, as words have no digits. */
export function stampToken(): string {
  let letters = ''
  for (let rest = microseconds(); rest > 0; rest = Math.floor(rest / 16))
    letters = String.fromCharCode(firstLetter + (rest % 16)) + letters
  return ` ${letters}`
}

/** The times in a piece of text, in microseconds; merged frames have several. */
export const readStamps = (text: string): number[] =>
  text
    .split(' ')
    .filter((stamp) => stamp !== '')
    .map(readStamp)

function readStamp(letters: string): number {
  let value = 0
  for (let at = 0; at < letters.length; at += 1) value = value * 16 + letters.charCodeAt(at) - firstLetter
  return value
}
