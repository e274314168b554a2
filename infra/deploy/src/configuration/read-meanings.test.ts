import { expect, test } from 'vitest'
import { readMeanings } from './read-meanings.ts'

test('meanings - a comment - is about the variable below it and those of its family', () => {
  const source = `
/** What every service knows. */
export const all = {
    LEVEL: z.string(),
    /** Address and port. */
    EDGE_HOST: z.string(),
    EDGE_PORT: wholeNumber({
      max: 1,
    }).default(1),
    MODEL: z.string(),

    EDGE_LATE: z.string(),
    /**
     * What proves it: \`a\`; or
     * \`b\`.
     */
    TRUST: z.enum(['a', 'b']),
    /** Signs it. */
    SECRET: z.string(),
}
`
  expect(Object.fromEntries(readMeanings(source))).toEqual({
    EDGE_HOST: 'Address and port.',
    EDGE_PORT: 'Address and port.',
    TRUST: 'What proves it: `a`; or `b`.',
    SECRET: 'Signs it.',
  })
})
