import { expect, test } from 'vitest'
import { groupOf } from './count-answer.ts'
import { operationGroups } from '../metrics.ts'
import { chatOperations, operations } from '../operations.ts'

test('every operation belongs to a group, and every group but `none` has one', () => {
  const all = [...operations, ...chatOperations]
  expect(all.flatMap((operation) => (groupOf(operation) === 'none' ? [operation.path] : []))).toEqual([
    '/system',
    '/openapi.json',
  ])
  expect(new Set([...all.map(groupOf), groupOf(undefined)])).toEqual(new Set(operationGroups))
})
