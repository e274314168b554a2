import type { ItemOf } from '../../session/item-of.ts'
import { useList } from '../use-list.ts'

export type Role = ItemOf<'listRoles'>

/** The query of all roles; invalidated by each change. */
export const rolesQuery = ['roles'] as const

export const useRoles = () => useList<Role>(rolesQuery, '/roles')
