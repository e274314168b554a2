import { openEmptyDatabase } from './open-empty-database.ts'

const tables = `
  create schema auth_service;
  create schema omni2;

  create table auth_service.roles (
    id serial primary key,
    name varchar(50) not null unique,
    description text,
    mcp_access text[] default '{}',
    tool_restrictions jsonb default '{}',
    dashboard_access varchar(20) default 'none',
    rate_limit integer default 100,
    cost_limit_daily numeric(10,2) default 10.00,
    token_expiry integer default 3600,
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp
  );
  create table auth_service.users (
    id serial primary key,
    username varchar(100) not null unique,
    name varchar(255) not null,
    email varchar(255) unique,
    role_id integer references auth_service.roles (id),
    password_hash varchar(255),
    api_key_hash varchar(255) unique,
    active boolean not null default true,
    rate_limit_override integer,
    last_login_at timestamp,
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp
  );
  create table omni2.interaction_flows (
    session_id uuid primary key,
    user_id integer not null,
    flow_data jsonb not null,
    created_at timestamp default current_timestamp,
    completed_at timestamp,
    source varchar(50) default 'chat'
  );
  create table omni2.user_activities (
    activity_id uuid primary key default gen_random_uuid(),
    conversation_id uuid not null,
    session_id uuid not null,
    user_id integer not null,
    sequence_num integer not null,
    activity_type varchar(50) not null,
    activity_data jsonb not null,
    duration_ms integer,
    created_at timestamp default current_timestamp
  );
  create table omni2.user_blocks (
    user_id integer primary key,
    is_blocked boolean default true,
    block_reason text,
    custom_block_message text,
    blocked_at timestamp default current_timestamp,
    blocked_by integer,
    blocked_services text[] default '{chat,mcp}'
  );
  create table omni2.chat_welcome_config (
    id serial primary key,
    config_type varchar(20) not null,
    target_id integer,
    welcome_message text not null,
    show_usage_info boolean default true,
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp,
    unique (config_type, target_id)
  );
  create table omni2.omni2_config (
    id serial primary key,
    config_key varchar(100) not null unique,
    config_value jsonb not null,
    description text,
    is_active boolean default true,
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp
  );
  create table omni2.mcp_servers (
    id serial primary key,
    name varchar(100) not null unique,
    url varchar(500) not null,
    description text,
    status varchar(20) default 'active',
    protocol varchar(20) default 'http',
    timeout_seconds integer default 30,
    max_retries integer default 2,
    retry_delay_seconds real default 1.0,
    auth_type varchar(50),
    auth_config jsonb,
    last_health_check timestamp,
    health_status varchar(20) default 'unknown',
    error_count integer default 0,
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp
  );
  create table omni2.audit_logs (
    id serial primary key,
    user_id integer,
    timestamp timestamp default current_timestamp,
    question text not null,
    mcp_target varchar(100),
    tool_called varchar(100),
    tool_params jsonb,
    success boolean not null,
    duration_ms integer,
    result_summary text,
    error_message text,
    llm_tokens_used integer,
    ip_address inet,
    user_agent text,
    was_blocked boolean default false,
    block_reason text
  );
  create table omni2.user_usage_limits (
    id serial primary key,
    user_id integer not null unique,
    period_days integer not null default 30,
    max_requests integer,
    max_tokens integer,
    max_cost numeric(12,4),
    is_active boolean not null default true,
    last_reset_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
`

const rows = `
  insert into auth_service.roles (name, mcp_access, tool_restrictions, rate_limit, cost_limit_daily) values
    ('admin', '{*}', '{}', 1000, null),
    ('developer', '{github,files}', '{"github": {"mode": "deny", "tools": ["delete_*"]}}', 100, 10.00),
    ('viewer', '{}', '{"files": []}', 20, 0),
    ('no-restrictions', null, null, null, 5.50),
    ('list', '{files}', '{"files": ["read_*", "list"]}', 100, 1.00),
    ('by-kind', '{files}', '{"files": {"tools": ["*"], "resources": [], "prompts": null}}', 100, 1.00),
    ('a-string', '{files}', '"everything"', 100, 1.00),
    ('an-array', '{files}', '["files"]', 100, 1.00),
    ('json-null', '{files}', 'null', 100, 1.00),
    ('unreadable-entry', '{files}', '{"files": {"mode": "perhaps"}, "github": 7}', 100, 1.00);

  insert into auth_service.users (username, name, email, role_id, password_hash, api_key_hash, active, last_login_at)
  values
    ('ada', 'Ada', 'ada@example.org', 1, '$2b$12$abcdefghijklmnopqrstuv', 'key-1', true, '2025-01-02 03:04:05.678'),
    ('bob', 'Bob', null, 2, '$2b$12$vutsrqponmlkjihgfedcba', null, true, null),
    ('eve', 'Eve', 'eve@example.org', 3, null, null, false, null),
    ('stranger', 'Without a role', null, null, null, null, true, null);

  insert into omni2.interaction_flows (session_id, user_id, flow_data, created_at, completed_at, source) values
    ('00000000-0000-4000-8000-000000000001', 1,
     '{"session_id": "00000000-0000-4000-8000-000000000001", "user_id": 1, "events": [{"event_type": "auth_check"}]}',
     '2025-01-02 03:04:05', '2025-01-02 03:04:09', 'chat'),
    ('00000000-0000-4000-8000-000000000002', 2, '{"events": []}', '2025-01-03 00:00:00', null, 'mcp_gateway'),
    ('00000000-0000-4000-8000-000000000003', 2, '[]', null, null, null);

  insert into omni2.user_activities
    (conversation_id, session_id, user_id, sequence_num, activity_type, activity_data, duration_ms) values
    ('00000000-0000-4000-8000-0000000000aa', '00000000-0000-4000-8000-000000000001', 1, 1, 'user_message',
     '{"message": "hello"}', null),
    ('00000000-0000-4000-8000-0000000000aa', '00000000-0000-4000-8000-000000000001', 1, 2, 'assistant_response',
     '{"message": "hi"}', 1200);

  insert into omni2.user_blocks (user_id, is_blocked, block_reason, custom_block_message, blocked_services) values
    (3, true, 'abuse', 'Please call us', '{chat,mcp}'),
    (2, false, null, null, null);

  insert into omni2.chat_welcome_config (config_type, target_id, welcome_message, created_at, updated_at) values
    ('default', null, 'oldest default', '2024-01-01', '2024-01-01'),
    ('default', null, 'newest default', '2024-02-01', '2024-06-01'),
    ('default', null, 'default without dates', null, null),
    ('default', null, 'made later, changed earlier', '2024-03-01', '2024-03-01'),
    ('default', 5, 'default with a target', '2025-01-01', '2025-01-01'),
    ('role', 1, 'welcome, admins', '2024-01-01', '2024-01-01'),
    ('user', null, 'for no user', '2024-01-01', '2024-01-01'),
    ('user', null, 'for no user either', '2024-01-01', '2024-01-01'),
    ('user', 1, 'welcome, Ada', '2024-01-01', '2024-01-01');

  insert into omni2.omni2_config (config_key, config_value, is_active) values
    ('limits.default', '{"cost_daily": 3}', true), ('feature.x', 'true', false);

  insert into omni2.mcp_servers (name, url, status, auth_config, last_health_check) values
    ('files', 'http://files:9000/mcp', 'active', '{"token": "x"}', '2025-01-01 00:00:00'),
    ('github', 'http://github:9000/mcp', 'inactive', null, null);

  insert into omni2.audit_logs
    (user_id, question, mcp_target, tool_called, tool_params, success, llm_tokens_used, ip_address, was_blocked) values
    (1, 'what is there?', 'files', 'list', '{"path": "/"}', true, 321, '10.0.0.1', false),
    (null, 'who am I?', null, null, null, false, null, null, true);

  insert into omni2.user_usage_limits (user_id, period_days, max_requests, max_tokens, max_cost, is_active) values
    (1, 7, 1000, null, 12.3456, true), (2, 30, null, 0, null, false);
`

export const originalTables = [
  'auth_service.roles',
  'auth_service.users',
  'omni2.interaction_flows',
  'omni2.user_activities',
  'omni2.user_blocks',
  'omni2.chat_welcome_config',
  'omni2.omni2_config',
  'omni2.mcp_servers',
  'omni2.audit_logs',
  'omni2.user_usage_limits',
] as const

/** A database as the system before this one left it: its tables, and rows of every kind in each. */
export async function openOriginalDatabase(): ReturnType<typeof openEmptyDatabase> {
  const database = await openEmptyDatabase()
  await database.query(tables)
  await database.query(rows)
  return database
}
