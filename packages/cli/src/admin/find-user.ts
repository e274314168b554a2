import { z } from 'zod'
import { OperatorError } from '../operator-error.ts'
import type { AdminApi } from './admin-api.ts'

const usersSchema = z.object({ items: z.array(z.looseObject({ id: z.int(), username: z.string() })) })

/** The id of a user who was named by id or username. Throws an OperatorError when there is none. */
export async function findUser(user: string | undefined, api: AdminApi): Promise<number> {
  if (user !== undefined && /^[1-9]\d*$/.test(user)) return Number(user)
  const path = `/users?limit=200&search=${encodeURIComponent(user ?? '')}`
  const { items } = await api.call('GET', path, { answer: usersSchema })
  const found = items.find(({ username }) => username === user)
  if (found === undefined) throw new OperatorError(`there is no user ${user}`)
  return found.id
}
