/**
 * What the operations of the two APIs answer that pages read. Written by `npm run generate` from their documents.
 */
export interface ApiAnswers {
  getMe: {
    user_id: number
    username: string
    role: string
    is_operator: boolean
    is_administrator: boolean
    monitored_until: string | null
  }
  listConversations: {
    items: {
      conversation_id: string
      title: string
      created_at: string
      updated_at: string
      running: boolean
    }[]
    next_cursor: string | null
  }
  getConversation: {
    conversation_id: string
    title: string
    created_at: string
    updated_at: string
    running: boolean
  }
  listConversationTurns: {
    items: {
      session_id: string
      client_msg_id: string | null
      replaces: string | null
      source: 'ws' | 'sse'
      status: 'queued' | 'running' | 'done' | 'error' | 'cancelled' | 'interrupted' | 'refused' | 'blocked'
      attempt: number
      user_text: string
      answer: string | null
      error_code: string | null
      error: string | null
      model: string | null
      tokens_input: number | null
      tokens_output: number | null
      cost_usd: number | null
      duration_ms: number | null
      created_at: string
      ended_at: string | null
      tools: {
        call_id: string
        name: string
        input: unknown
        status: ('ok' | 'error' | 'refused' | 'timeout' | 'cancelled') | null
        duration_ms: number | null
      }[]
    }[]
    next_cursor: string | null
  }
  listFlows: {
    items: {
      session_id: string
      conversation_id: string | null
      user_id: number
      username: string | null
      source: 'ws' | 'sse'
      status: 'queued' | 'running' | 'done' | 'error' | 'cancelled' | 'interrupted' | 'refused' | 'blocked'
      attempt: number
      question: string
      model: string | null
      tools_used: string[]
      tokens_input: number | null
      tokens_output: number | null
      cost_usd: number
      error_code: string | null
      queue_ms: number | null
      first_token_ms: number | null
      duration_ms: number | null
      created_at: string
      ended_at: string | null
    }[]
    next_cursor: string | null
  }
  listFlowGroups: {
    items: {
      conversation_id: string
      user_id: number
      username: string | null
      title: string
      turns: number
      failed: number
      tokens: number
      cost_usd: number
      first_at: string
      last_at: string
      last_session_id: string
    }[]
    next_cursor: string | null
  }
  readFlowStatistics: {
    since: string
    until: string
    step_seconds: number
    buckets: {
      at: string
      turns: number
      failed: number
      tokens: number
      cost_usd: number
      first_token_p50_ms: number | null
      first_token_p95_ms: number | null
      duration_p50_ms: number | null
      duration_p95_ms: number | null
    }[]
  }
  exportFlows: string
  getFlow: {
    session_id: string
    conversation_id: string | null
    user_id: number
    username: string | null
    source: 'ws' | 'sse'
    status: 'queued' | 'running' | 'done' | 'error' | 'cancelled' | 'interrupted' | 'refused' | 'blocked'
    attempt: number
    claimed_by: string | null
    cancel_requested_at: string | null
    created_at: string
    started_at: string | null
    ended_at: string | null
    error_code: string | null
    model: string | null
    tokens_input: number | null
    tokens_output: number | null
    cost_usd: number | null
    error: string | null
    user_text: string
    answer: string | null
    tokens_cache_read: number | null
    tokens_cache_write: number | null
    estimated: boolean
    tokens_abandoned: number
    cost_abandoned_usd: number
    events: {
      attempt: number
      ordinal: number
      event_type:
        | 'accepted'
        | 'auth_check'
        | 'block_check'
        | 'usage_check'
        | 'mcp_permission_check'
        | 'tool_filter'
        | 'llm_thinking'
        | 'tool_call'
        | 'tool_result'
        | 'llm_complete'
        | 'error'
      outcome: 'passed' | 'refused' | 'failed' | 'skipped'
      at: string
      recorded_at: string
      data: {
        [k: string]: unknown
      }
    }[]
  }
  listUsers: {
    items: {
      id: number
      username: string
      name: string
      email: string | null
      role: string | null
      active: boolean
      is_blocked: boolean
    }[]
    next_cursor: string | null
  }
  getUser: {
    account: {
      id: number
      username: string
      name: string
      email: string | null
      role: string | null
      active: boolean
      rate_limit_override: number | null
      last_login_at: string | null
      created_at: string | null
    }
    block: {
      is_blocked: boolean
      block_reason: string | null
      custom_block_message: string | null
      blocked_services: string[] | null
      blocked_at: string | null
      blocked_by: number | null
    }
    limits: {
      period_days: number
      max_requests: number | null
      max_tokens: number | null
      max_cost: number | null
      is_active: boolean
    } | null
    usage_today: {
      requests: number
      tokens: number
      cost_usd: number
    }
    logins: number
    monitoring: {
      expires_at: string
      started_at: string
      started_by: number
    } | null
    invitation: {
      expires_at: string
      created_at: string
      invited_by: number
    } | null
  }
  inviteUser: {
    change_id: number
    before: {
      expires_at: string
      created_at: string
      invited_by: number
    } | null
    after: {
      expires_at: string
      created_at: string
      invited_by: number
    } | null
    announced: boolean
    link: string
  }
  getBlock: {
    is_blocked: boolean
    block_reason: string | null
    custom_block_message: string | null
    blocked_services: string[] | null
    blocked_at: string | null
    blocked_by: number | null
  }
  getUserLimits: {
    period_days: number
    max_requests: number | null
    max_tokens: number | null
    max_cost: number | null
    is_active: boolean
  } | null
  getDefaultLimits: {
    requests_per_minute?: number | null
    concurrent_turns?: number | null
    cost_daily?: number | null
    period_days?: number | null
    max_requests?: number | null
    max_tokens?: number | null
    max_cost?: number | null
    [k: string]: unknown
  } | null
  listNearLimits: {
    items: {
      user_id: number
      username: string
      kind: 'cost_daily' | 'requests_period' | 'tokens_period' | 'cost_period'
      period_days: number
      used: number
      limit: number
      share: number
    }[]
  }
  readUsage: {
    items: {
      requests: number
      tokens_input: number
      tokens_output: number
      tokens_cached: number
      tokens_abandoned: number
      cost_usd: number
      day: string
      user_id: number
      username: string | null
      model: string | null
    }[]
    next_cursor: string | null
    since: string
    total: {
      requests: number
      tokens_input: number
      tokens_output: number
      tokens_cached: number
      tokens_abandoned: number
      cost_usd: number
    }
  }
  listPrices: {
    items: {
      model: string
      input: number
      output: number
      cache_read: number
      cache_write: number
      source: string
      read_on: string
      is_shipped: boolean
      updated_at: string
    }[]
  }
  listRoles: {
    items: {
      id: number
      name: string
      description: string | null
      mcp_access: string[] | null
      tool_restrictions: unknown
      dashboard_access: string | null
      rate_limit: number | null
      cost_limit_daily: number | null
      token_expiry: number | null
      users: number
    }[]
  }
  getRole: {
    id: number
    name: string
    description: string | null
    mcp_access: string[] | null
    tool_restrictions: unknown
    dashboard_access: string | null
    rate_limit: number | null
    cost_limit_daily: number | null
    token_expiry: number | null
    users: number
  }
  previewRole: {
    servers: {
      server: string
      permitted: boolean
      reason: string | null
      tools: {
        tool: string
        permitted: boolean
        rule: string
      }[]
      notes: {
        tool: string
        state: 'mapped' | 'left_out' | 'set_aside'
        offered_as: string | null
        why: string
      }[]
    }[]
  }
  listWelcomes: {
    items: {
      scope: 'default' | 'role' | 'user'
      target: string | null
      welcome_message: string
      show_usage_info: boolean
    }[]
    next_cursor: string | null
  }
  listSystemPrompts: {
    items: {
      role: string | null
      prompt: string
    }[]
  }
  listMcpServers: {
    items: {
      name: string
      url: string
      description: string | null
      status: string | null
      protocol: string | null
      timeout_seconds: number | null
      auth_type: string | null
      auth_config: {
        [k: string]: string
      } | null
      health_status: string | null
      last_health_check: string | null
    }[]
  }
  getMcpServer: {
    name: string
    url: string
    description: string | null
    status: string | null
    protocol: string | null
    timeout_seconds: number | null
    auth_type: string | null
    auth_config: {
      [k: string]: string
    } | null
    health_status: string | null
    last_health_check: string | null
  }
  testMcpServer: {
    change_id: number
    before: {
      tools: string[]
      notes?: {
        tool: string
        state: 'mapped' | 'left_out' | 'set_aside'
        offered_as: string | null
        why: string
      }[]
      reason: string | null
    } | null
    after: {
      tools: string[]
      notes?: {
        tool: string
        state: 'mapped' | 'left_out' | 'set_aside'
        offered_as: string | null
        why: string
      }[]
      reason: string | null
    } | null
    announced: boolean
  }
  callMcpTool: {
    change_id: number
    before: {
      status: 'ok' | 'error' | 'refused' | 'timeout' | 'cancelled'
      content: string
      rule: string
      duration_ms: number
      truncated: boolean
    } | null
    after: {
      status: 'ok' | 'error' | 'refused' | 'timeout' | 'cancelled'
      content: string
      rule: string
      duration_ms: number
      truncated: boolean
    } | null
    announced: boolean
  }
  readSystem: {
    processes: {
      service: 'ws-edge' | 'chat-worker' | 'flow-recorder' | 'console'
      instance: string
      version: string
      protocol: number
      started_at: string
      is_ready: boolean
      missing: {
        [k: string]: string
      }
      counts: {
        [k: string]: number
      }
    }[]
    queues: {
      name: 'turns' | 'flow_events'
      waiting: number | null
      in_hand: number | null
      oldest_waiting_at: string | null
    }[]
    dead_letters: number
  }
  listTurns: {
    items: {
      session_id: string
      conversation_id: string | null
      user_id: number
      username: string | null
      source: 'ws' | 'sse'
      status: 'queued' | 'running' | 'done' | 'error' | 'cancelled' | 'interrupted' | 'refused' | 'blocked'
      attempt: number
      claimed_by: string | null
      cancel_requested_at: string | null
      created_at: string
      started_at: string | null
      ended_at: string | null
    }[]
    next_cursor: string | null
  }
  listUserTurns: {
    items: {
      session_id: string
      conversation_id: string | null
      user_id: number
      username: string | null
      source: 'ws' | 'sse'
      status: 'queued' | 'running' | 'done' | 'error' | 'cancelled' | 'interrupted' | 'refused' | 'blocked'
      attempt: number
      claimed_by: string | null
      cancel_requested_at: string | null
      created_at: string
      started_at: string | null
      ended_at: string | null
      error_code: string | null
      model: string | null
      tokens_input: number | null
      tokens_output: number | null
      cost_usd: number | null
    }[]
    next_cursor: string | null
  }
  getTurn: {
    session_id: string
    conversation_id: string | null
    user_id: number
    username: string | null
    source: 'ws' | 'sse'
    status: 'queued' | 'running' | 'done' | 'error' | 'cancelled' | 'interrupted' | 'refused' | 'blocked'
    attempt: number
    claimed_by: string | null
    cancel_requested_at: string | null
    created_at: string
    started_at: string | null
    ended_at: string | null
    error_code: string | null
    model: string | null
    tokens_input: number | null
    tokens_output: number | null
    cost_usd: number | null
    error: string | null
    user_text: string
    answer: string | null
    tokens_cache_read: number | null
    tokens_cache_write: number | null
    estimated: boolean
    tokens_abandoned: number
    cost_abandoned_usd: number
    events: {
      attempt: number
      ordinal: number
      event_type:
        | 'accepted'
        | 'auth_check'
        | 'block_check'
        | 'usage_check'
        | 'mcp_permission_check'
        | 'tool_filter'
        | 'llm_thinking'
        | 'tool_call'
        | 'tool_result'
        | 'llm_complete'
        | 'error'
      outcome: 'passed' | 'refused' | 'failed' | 'skipped'
      at: string
      recorded_at: string
      data: {
        [k: string]: unknown
      }
    }[]
  }
  listDeadLetters: {
    items: {
      seq: number
      reason: string
      subject: string
      stream: string
      stream_sequence: number
      deliveries: number
      payload_bytes: number
      parked_at: string
      parked_by: string
    }[]
    next_cursor: string | null
  }
  getDeadLetter: {
    seq: number
    reason: string
    subject: string
    stream: string
    stream_sequence: number
    deliveries: number
    payload_bytes: number
    parked_at: string
    parked_by: string
    payload_text: string | null
    payload_base64: string
  }
  tryDeadLetter: {
    outcome: 'turn_runs' | 'turn_has_ended' | 'events_are_recorded' | 'unreadable' | 'not_replayable'
    problem: string | null
  }
  listChanges: {
    items: {
      id: number
      user_id: number
      role: string
      action: string
      target_type: string
      target_id: string
      before: unknown
      after: unknown
      request_id: string
      at: string
    }[]
    next_cursor: string | null
  }
}
