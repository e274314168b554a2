import { type Kysely, sql } from 'kysely'

/**
 * Exactly one default welcome. The table's own unique key lets several in, because null targets never collide;
 * of those the newest stays the default and the others are kept under another type, each keyed by its own id.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    update omni2.chat_welcome_config
    set config_type = 'superseded_default', target_id = id
    where config_type = 'default' and target_id is null
      and id <> (
        select id from omni2.chat_welcome_config
        where config_type = 'default' and target_id is null
        order by coalesce(updated_at, created_at) desc nulls last, id desc
        limit 1
      );

    create unique index if not exists chat_welcome_config_one_default
      on omni2.chat_welcome_config (config_type) where config_type = 'default' and target_id is null;

    insert into omni2.chat_welcome_config (config_type, target_id, welcome_message)
    values ('default', null, 'Hello! How can I help you today?')
    on conflict (config_type) where config_type = 'default' and target_id is null do nothing;
  `.execute(db)
}

/** Gives superseded defaults their old type back; a default row made by `up` stays and does no harm. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop index if exists omni2.chat_welcome_config_one_default;

    update omni2.chat_welcome_config
    set config_type = 'default', target_id = null
    where config_type = 'superseded_default' and target_id = id;
  `.execute(db)
}
