import { useQuery } from '@tanstack/react-query'
import { useApi } from '../session/session.tsx'

/** A user in the list, as `GET /api/admin/v1/users` answers. */
export interface ListedUser {
  readonly id: number
  readonly username: string
  readonly name: string
  readonly email: string | null
  readonly role: string | null
  readonly active: boolean
  readonly is_blocked: boolean
}

/** The query of all lists of users; invalidated by each change. */
export const usersQuery = ['users'] as const

/** Names of all roles. */
export function useRoles(): readonly string[] {
  const api = useApi()
  const query = useQuery({
    queryKey: ['roles'],
    queryFn: () => api.request<{ items: readonly { name: string }[] }>('GET', '/api/admin/v1/roles'),
  })
  return query.data?.items.map(({ name }) => name) ?? []
}
