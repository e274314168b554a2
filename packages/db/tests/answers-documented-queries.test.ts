import { openTestDatabase } from '@omni2/testkit'
import { expect, test } from 'vitest'

const first = '00000000-0000-4000-8000-0000000000aa'
const second = '00000000-0000-4000-8000-0000000000bb'

/** Two WebSocket conversations and an SSE turn of user 1, one conversation of user 2. */
const flows = `
  insert into omni2.interaction_flows (session_id, user_id, conversation_id, flow_data, created_at, source) values
    ('00000000-0000-4000-8000-000000000001', 1, '${first}', '{"n": 1}', '2025-01-01 10:00', 'ws'),
    ('00000000-0000-4000-8000-000000000003', 1, '${first}', '{"n": 3}', '2025-01-01 10:10', 'ws'),
    ('00000000-0000-4000-8000-000000000002', 1, '${first}', '{"n": 2}', '2025-01-01 10:05', 'ws'),
    ('00000000-0000-4000-8000-000000000004', 1, '${second}', '{"n": 4}', '2025-01-02 10:00', 'ws'),
    ('00000000-0000-4000-8000-000000000005', 1, null, '{"n": 5}', '2025-01-03 10:00', 'sse'),
    ('00000000-0000-4000-8000-000000000006', 2, '00000000-0000-4000-8000-0000000000cc', '{}', now(), 'ws')
`

test('conversations of a user - newest first, with their counts, without SSE turns', async () => {
  await using database = await openTestDatabase()
  await database.query(flows)
  const rows = await database.query(`
    -- Get all conversations for a user
    SELECT DISTINCT conversation_id, 
           MIN(created_at) as started_at,
           COUNT(*) as message_count
    FROM omni2.interaction_flows
    WHERE user_id = 1 AND conversation_id IS NOT NULL
    GROUP BY conversation_id
    ORDER BY started_at DESC;
  `)
  const counts = rows.map((row) => [row['conversation_id'], Number(row['message_count'])])
  expect(counts).toEqual([
    [second, 1],
    [first, 3],
  ])
})

test('messages of a conversation - in the order they were sent, found by the index', async () => {
  await using database = await openTestDatabase()
  await database.query(flows)
  const messages = `
    -- Get all messages in a conversation
    SELECT session_id, created_at, flow_data
    FROM omni2.interaction_flows
    WHERE conversation_id = '${first}'
    ORDER BY created_at;
  `
  const rows = await database.query(messages)
  expect(rows.map((row) => row['flow_data'])).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
})
