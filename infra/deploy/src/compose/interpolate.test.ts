import { expect, test } from 'vitest'
import { interpolate } from './interpolate.ts'

test('interpolate - each form - is what compose makes of it', () => {
  const env = { SET: 'value', EMPTY: '' }
  expect(interpolate('${SET} ${SET:-no} ${EMPTY:-default} ${UNSET:-a:b/c} ${UNSET}| $$(x)', env)).toBe(
    'value value default a:b/c | $(x)',
  )
  expect(() => interpolate('${EMPTY:?set it}', env)).toThrow('EMPTY is not set: set it')
})
