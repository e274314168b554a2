import { expect, test } from 'vitest'
import { openTestDatabase } from '../src/index.ts'

test('database of a test - is migrated', async () => {
  await using database = await openTestDatabase()
  const [found] = await database.query(`select to_regclass('omni2.turns')::text as turns`)
  expect(found).toEqual({ turns: 'omni2.turns' })
})

test('databases of two tests - do not see each other', async () => {
  await using one = await openTestDatabase()
  await using other = await openTestDatabase()
  await one.query('create table only_here (id int)')
  await one.query('insert into only_here values ($1)', [1])
  expect(await one.query('select id from only_here')).toEqual([{ id: 1 }])
  await expect(other.query('select id from only_here')).rejects.toThrow('does not exist')
})
