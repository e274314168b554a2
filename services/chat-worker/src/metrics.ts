import { busMetrics } from '@omni2/bus'
import {
  errorCodeNames,
  limitKinds,
  listDeadLetterCauses,
  shippedPrices,
  turnEnds,
  turnSources,
} from '@omni2/contracts'
import { poolMetrics } from '@omni2/db'
import { ratesMetrics } from '@omni2/rates'
import { declareMetrics, type Metrics } from '@omni2/telemetry'

/** Models by name; one whose price is not shipped is `other`. */
export const modelLabels: readonly string[] = [...shippedPrices.map(({ model }) => model), 'other']

/** What became of a tool. */
export const toolStates = ['offered', 'mapped', 'left_out', 'set_aside'] as const

export const workerMetrics = declareMetrics({
  ...busMetrics,
  ...poolMetrics,
  ...ratesMetrics,

  turns: {
    type: 'gauge',
    name: 'omni2_worker_turns',
    help: 'Turns at work right now',
  },
  turnSlots: {
    type: 'gauge',
    name: 'omni2_worker_turn_slots',
    help: 'Turns that this worker takes at once, WORKER_TURNS',
  },
  turnsEnded: {
    type: 'counter',
    name: 'omni2_worker_turns_ended_total',
    help: 'Turns whose end this worker settled and published',
    labels: { end: turnEnds, source: turnSources },
  },
  turnsLeft: {
    type: 'counter',
    name: 'omni2_worker_turns_left_total',
    help: 'Turns that this worker stopped without an end: another has them, or gets them at a shutdown',
    labels: { reason: ['superseded', 'released'] },
  },
  returnedTurns: {
    type: 'counter',
    name: 'omni2_worker_returned_turns_total',
    help: 'Turns of dead workers that this worker returned to the queue',
  },
  takeovers: {
    type: 'counter',
    name: 'omni2_worker_takeovers_total',
    help: 'Claims of turns that another attempt had begun',
  },
  queueSeconds: {
    type: 'histogram',
    name: 'omni2_worker_queue_seconds',
    help: 'Time of a turn from its acceptance to its first claim',
    buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  },
  claimSeconds: {
    type: 'histogram',
    name: 'omni2_worker_claim_seconds',
    help: 'Time of a claim with its checks and its reservation',
    buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  },
  firstTokenSeconds: {
    type: 'histogram',
    name: 'omni2_worker_first_token_seconds',
    help: 'Time of a turn from its acceptance to the first piece of its reply',
    buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 30, 60],
  },
  turnSeconds: {
    type: 'histogram',
    name: 'omni2_worker_turn_seconds',
    help: 'Duration of a turn from its acceptance to its end',
    labels: { end: turnEnds },
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600],
  },

  tokenDelaySeconds: {
    type: 'histogram',
    name: 'omni2_worker_token_delay_seconds',
    help: 'What the bus adds to a piece of text here: from its arrival from the model to its frame on NATS',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.1, 0.25, 1],
  },
  flushReplies: {
    type: 'histogram',
    name: 'omni2_worker_flush_replies',
    help: 'Replies that one flush tick sends text of',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
  },

  modelRequests: {
    type: 'counter',
    name: 'omni2_worker_model_requests_total',
    help: 'Requests to the model by how they ended: ok, the code of their failure, or stopped by us',
    labels: { result: ['ok', 'stopped', ...errorCodeNames.filter((code) => /^(model|context)_/.test(code))] },
  },
  modelRetries: {
    type: 'counter',
    name: 'omni2_worker_model_retries_total',
    help: 'Requests to the model that were made again because the one before had failed',
  },
  modelSeconds: {
    type: 'histogram',
    name: 'omni2_worker_model_seconds',
    help: 'Duration of a request to the model, to the end of its stream',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300],
  },
  modelCircuitOpen: {
    type: 'gauge',
    name: 'omni2_worker_model_circuit_open',
    help: '1 while the model is not asked because it failed again and again, else 0',
  },
  tokens: {
    type: 'counter',
    name: 'omni2_worker_tokens_total',
    help: 'Tokens of settled turns; the three kinds of input never overlap',
    labels: { kind: ['input', 'cache_read', 'cache_write', 'output'], model: modelLabels },
  },
  cost: {
    type: 'counter',
    name: 'omni2_worker_cost_usd_total',
    help: 'Cost of settled turns in USD',
    labels: { model: modelLabels },
  },

  toolCalls: {
    type: 'counter',
    name: 'omni2_worker_tool_calls_total',
    help: 'Calls of tools by their status',
    labels: { status: ['ok', 'error', 'refused', 'timeout', 'cancelled'] },
  },
  toolSeconds: {
    type: 'histogram',
    name: 'omni2_worker_tool_seconds',
    help: 'Duration of a call of a tool',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  },
  tools: {
    type: 'gauge',
    name: 'omni2_worker_tools',
    help: 'Tools of MCP servers as last listed: offered to models, of these mapped to what their API takes; and those that are not offered, left_out or set_aside after the API refused them',
    labels: { state: toolStates },
  },
  toolCircuitsOpen: {
    type: 'gauge',
    name: 'omni2_worker_tool_circuits_open',
    help: 'MCP servers that are not asked because they failed again and again',
  },

  limitRefusals: {
    type: 'counter',
    name: 'omni2_worker_limit_refusals_total',
    help: 'Turns that were refused, or ended in the middle, because of a limit',
    labels: { kind: limitKinds },
  },
  checkRefusals: {
    type: 'counter',
    name: 'omni2_worker_check_refusals_total',
    help: 'Turns that were refused by the step that refused them',
    labels: { step: ['auth_check', 'block_check', 'usage_check'] },
  },
  reservations: {
    type: 'gauge',
    name: 'omni2_worker_reservations',
    help: 'Reservations in the database as of the last sweep; the same in every worker',
  },
  reservedCost: {
    type: 'gauge',
    name: 'omni2_worker_reserved_usd',
    help: 'What these reservations hold, in USD',
  },

  sweeps: {
    type: 'counter',
    name: 'omni2_worker_sweeps_total',
    help: 'Looks for turns that no worker ends',
    labels: { result: ['ok', 'failed'] },
  },
  sweptTurns: {
    type: 'counter',
    name: 'omni2_worker_swept_turns_total',
    help: 'Turns found by a sweep: past their deadline, lost before their claim, or ended without a record',
    labels: { reason: ['overdue', 'lost', 'unrecorded'] },
  },
  deadLetters: {
    type: 'counter',
    name: 'omni2_dead_letters_total',
    help: 'Messages that can never be worked on, kept in DEAD_LETTERS, by why',
    labels: { cause: listDeadLetterCauses('chat-worker') },
  },
  flowEventsUsed: {
    type: 'gauge',
    name: 'omni2_worker_flow_events_used_ratio',
    help: 'How full FLOW_EVENTS is, from 0 to 1; from 0.8 on no turn is taken',
  },
  queuedTurns: {
    type: 'gauge',
    name: 'omni2_worker_queued_turns',
    help: 'Turns in the queue that no worker has taken, by the server; the same in every worker',
  },
})

export type WorkerMetrics = Metrics<typeof workerMetrics>
