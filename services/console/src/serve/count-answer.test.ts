import { expect, test } from 'vitest'
import { groupOf } from './count-answer.ts'
import { operationGroups } from '../metrics.ts'
import { operations } from '../operations.ts'

test('every operation belongs to a group, and every group but `none` has one', () => {
  expect(operations.filter((operation) => groupOf(operation) === 'none')).toEqual([])
  expect(new Set([...operations.map(groupOf), groupOf(undefined)])).toEqual(new Set(operationGroups))
})
