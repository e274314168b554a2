import { idSchema } from '@omni2/contracts'
import {
  deleteConversation as hideConversation,
  listConversations as selectConversations,
  listSpokenTurns,
  loadConversation,
  renameConversation,
} from '@omni2/db'
import { z } from 'zod'
import { ConsoleRefused } from '../console-refused.ts'
import { defineOperation, type RequestContext } from '../request/operation.ts'
import { makePlacedPage, pageOf, pageQuery, placeCursor, text } from '../schemas.ts'
import { conversationSchema, spokenTurnSchema } from './conversation-schemas.ts'

const ofConversation = z.strictObject({ conversation_id: idSchema })

/** Longest title, in UTF-16 code units. */
const titleLength = 200

export const listConversations = defineOperation({
  id: 'listConversations',
  api: 'chat',
  method: 'GET',
  path: '/conversations',
  summary: 'Your conversations, the last used first; `search` finds words of their titles and texts.',
  query: pageQuery(placeCursor, { search: text(200).min(1).optional() }),
  answer: pageOf(conversationSchema),
  handle: async ({ query }, { actor, database }) => {
    const { search, cursor: after, limit } = query
    const rows = await selectConversations({ userId: actor.userId, search }, { after, limit }, database)
    return makePlacedPage(rows, query, ({ conversation_id }) => conversation_id)
  },
})

export const getConversation = defineOperation({
  id: 'getConversation',
  api: 'chat',
  method: 'GET',
  path: '/conversations/{conversation_id}',
  summary: 'One of your conversations.',
  params: ofConversation,
  answer: conversationSchema,
  handle: ({ params }, context) => findConversation(params.conversation_id, context),
})

export const changeConversation = defineOperation({
  id: 'changeConversation',
  api: 'chat',
  method: 'PATCH',
  path: '/conversations/{conversation_id}',
  summary: 'Names a conversation; an empty title goes back to its first question.',
  params: ofConversation,
  body: z.strictObject({ title: text(titleLength).trim() }),
  answer: conversationSchema,
  handle: async ({ params: { conversation_id: conversationId }, body: { title } }, context) => {
    const { actor, database } = context
    await renameConversation({ conversationId, userId: actor.userId, title }, database)
    return findConversation(conversationId, context)
  },
})

export const deleteConversation = defineOperation({
  id: 'deleteConversation',
  api: 'chat',
  method: 'DELETE',
  path: '/conversations/{conversation_id}',
  summary: 'Deletes a conversation from your lists; what its turns used stays counted.',
  params: ofConversation,
  answer: z.object({ deleted: z.literal(true) }),
  handle: async ({ params: { conversation_id } }, { actor, database }) => {
    if (!(await hideConversation(conversation_id, actor.userId, database))) throw noConversation()
    return { deleted: true as const }
  },
})

export const listConversationTurns = defineOperation({
  id: 'listConversationTurns',
  api: 'chat',
  method: 'GET',
  path: '/conversations/{conversation_id}/turns',
  summary: 'What was asked and answered in one of your conversations, the newest first.',
  params: ofConversation,
  query: pageQuery(placeCursor, {}),
  answer: pageOf(spokenTurnSchema),
  handle: async ({ params: { conversation_id: conversationId }, query }, context) => {
    const { cursor: after, limit } = query
    const { actor, database } = context
    await findConversation(conversationId, context)
    const of = { conversationId, userId: actor.userId }
    const rows = await listSpokenTurns(of, { after, limit }, database)
    return makePlacedPage(rows, query, ({ session_id }) => session_id)
  },
})

async function findConversation(
  conversationId: string,
  { actor, database }: Pick<RequestContext, 'actor' | 'database'>,
) {
  const conversation = await loadConversation(conversationId, actor.userId, database)
  if (conversation === undefined) throw noConversation()
  return conversation
}

const noConversation = () =>
  new ConsoleRefused('not_found', { text: 'There is no such conversation of yours.' })
