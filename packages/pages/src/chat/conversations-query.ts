import type { Conversation } from '@omni2/client'

/** The query of all lists of conversations; invalidated where a turn begins or ends. */
export const conversationsQuery = ['conversations'] as const

/** What a conversation is called in the list. */
export const nameOf = ({ title }: Pick<Conversation, 'title'>): string =>
  title === '' ? 'New conversation' : title
