import { type Kysely, sql } from 'kysely'

/**
 * The tables of the system before OMNI2 Chat, with their names and types. They are created on an empty database; a
 * database that has them stays as it is. `interaction_flows.conversation_id` comes in 0011.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create schema if not exists auth_service;
    create schema if not exists omni2;

    create table if not exists auth_service.roles (
      id                 serial primary key,
      name               varchar(50) unique not null,
      description        text,
      mcp_access         text[] default '{}',
      tool_restrictions  jsonb default '{}',
      dashboard_access   varchar(20) default 'none',
      rate_limit         integer default 100,            -- requests a minute
      cost_limit_daily   numeric(10,2) default 10.00,    -- USD; 0 = nothing, null = no limit
      token_expiry       integer default 3600,           -- seconds
      created_at         timestamp default current_timestamp,
      updated_at         timestamp default current_timestamp
    );

    create table if not exists auth_service.users (
      id                   serial primary key,
      username             varchar(100) unique not null,
      name                 varchar(255) not null,
      email                varchar(255) unique,
      role_id              integer references auth_service.roles (id),
      password_hash        varchar(255),                 -- bcrypt
      api_key_hash         varchar(255) unique,
      active               boolean not null default true,
      rate_limit_override  integer,                      -- requests a minute
      last_login_at        timestamp,
      created_at           timestamp default current_timestamp,
      updated_at           timestamp default current_timestamp
    );

    create table if not exists omni2.interaction_flows (
      session_id    uuid primary key,
      user_id       integer not null,
      flow_data     jsonb not null,
      created_at    timestamp default current_timestamp,
      completed_at  timestamp,
      source        varchar(50) default 'chat'
    );

    create table if not exists omni2.user_activities (
      activity_id      uuid primary key default gen_random_uuid(),
      conversation_id  uuid not null,
      session_id       uuid not null,
      user_id          integer not null,
      sequence_num     integer not null,
      activity_type    varchar(50) not null,
      activity_data    jsonb not null,
      duration_ms      integer,
      created_at       timestamp default current_timestamp
    );

    create table if not exists omni2.user_blocks (
      user_id               integer primary key,
      is_blocked            boolean default true,
      block_reason          text,
      custom_block_message  text,
      blocked_at            timestamp default current_timestamp,
      blocked_by            integer,
      blocked_services      text[] default '{chat,mcp}'
    );

    create table if not exists omni2.chat_welcome_config (
      id               serial primary key,
      config_type      varchar(20) not null,             -- user, role, default
      target_id        integer,                          -- user id, role id, null
      welcome_message  text not null,
      show_usage_info  boolean default true,
      created_at       timestamp default current_timestamp,
      updated_at       timestamp default current_timestamp,
      unique (config_type, target_id)
    );

    create table if not exists omni2.omni2_config (
      id            serial primary key,
      config_key    varchar(100) unique not null,
      config_value  jsonb not null,
      description   text,
      is_active     boolean default true,
      created_at    timestamp default current_timestamp,
      updated_at    timestamp default current_timestamp
    );

    create table if not exists omni2.mcp_servers (
      id                   serial primary key,
      name                 varchar(100) unique not null,
      url                  varchar(500) not null,
      description          text,
      status               varchar(20) default 'active',
      protocol             varchar(20) default 'http',
      timeout_seconds      integer default 30,
      max_retries          integer default 2,
      retry_delay_seconds  real default 1.0,
      auth_type            varchar(50),
      auth_config          jsonb,
      last_health_check    timestamp,
      health_status        varchar(20) default 'unknown',
      error_count          integer default 0,
      created_at           timestamp default current_timestamp,
      updated_at           timestamp default current_timestamp
    );

    create table if not exists omni2.audit_logs (
      id               serial primary key,
      user_id          integer,
      timestamp        timestamp default current_timestamp,
      question         text not null,
      mcp_target       varchar(100),
      tool_called      varchar(100),
      tool_params      jsonb,
      success          boolean not null,
      duration_ms      integer,
      result_summary   text,
      error_message    text,
      llm_tokens_used  integer,
      ip_address       inet,
      user_agent       text,
      was_blocked      boolean default false,
      block_reason     text
    );

    create table if not exists omni2.user_usage_limits (
      id             serial primary key,
      user_id        integer unique not null,
      period_days    integer not null default 30,        -- UTC calendar days, ending today
      max_requests   integer,
      max_tokens     integer,
      max_cost       numeric(12,4),                      -- USD
      is_active      boolean not null default true,
      last_reset_at  timestamptz,
      created_at     timestamptz not null default now(),
      updated_at     timestamptz not null default now()
    );
  `.execute(db)
}

/**
 * Leaves every table and row in place: they may be older than these migrations, and the older system goes on with
 * them after a rollback. To get an empty database, drop the two schemas.
 */
export async function down(): Promise<void> {}
