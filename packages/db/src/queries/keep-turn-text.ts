import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** Writes the whole text of a turn that was claimed with a part of it; one that has it already is left alone. */
export async function keepTurnText(
  { session_id, text }: { session_id: string; text: string },
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  await sql`
    update omni2.turns set user_text = ${text} where session_id = ${session_id} and user_text <> ${text}
  `.execute(db)
}
