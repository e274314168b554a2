import type { ItemOf } from '../../session/item-of.ts'
/** A user in the list. */
export type ListedUser = ItemOf<'listUsers'>

/** The query of all lists of users; invalidated by each change. */
export const usersQuery = ['users'] as const
