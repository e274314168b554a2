import { busMetrics } from '@omni2/bus'
import { clientFrameTypes, closeCodes } from '@omni2/contracts'
import { declareMetrics, type Metrics } from '@omni2/telemetry'
import { upgradeRefusals } from './upgrade-refused.ts'

/** How an attempt to connect can end: accepted, refused with an HTTP status, or accepted and refused in a frame. */
export const handshakeResults = [
  'open',
  ...Object.keys(upgradeRefusals),
  'blocked',
  'account_inactive',
  'login_revoked',
  'not_yours',
  'too_many_connections',
] as const

const closeCodeNames = Object.keys(closeCodes)

/** The label of a close code: itself where contracts know it. */
export const nameCloseCode = (code: number): string =>
  closeCodeNames.includes(String(code)) ? String(code) : 'other'

export const edgeMetrics = declareMetrics({
  ...busMetrics,
  connections: {
    type: 'gauge',
    name: 'omni2_edge_connections',
    help: 'Open sockets and SSE responses',
    labels: { kind: ['ws', 'sse'] },
  },
  connectionPlaces: {
    type: 'gauge',
    name: 'omni2_edge_connection_places',
    help: 'Sockets that one edge takes at most, EDGE_MAX_CONNECTIONS',
  },
  handshakes: {
    type: 'counter',
    name: 'omni2_edge_handshakes_total',
    help: 'Attempts to open a socket, by whether it was opened or why not',
    labels: { result: handshakeResults },
  },
  closes: {
    type: 'counter',
    name: 'omni2_edge_closes_total',
    help: 'Sockets closed, by close code; other: a code of the client, 1005 and 1006 included',
    labels: { code: [...closeCodeNames, 'other'] },
  },
  answers: {
    type: 'counter',
    name: 'omni2_edge_sse_answers_total',
    help: 'Requests to the SSE bridge by how they were answered: wholly, ended before their turn (by client or edge), or refused, by class of status',
    labels: { result: ['complete', 'client_left', 'sent_away', 'refused_4xx', 'refused_5xx'] },
  },
  sendBufferBytes: {
    type: 'gauge',
    name: 'omni2_edge_send_buffer_bytes',
    help: 'Bytes that wait for clients to read them, in sockets and outboxes together',
  },
  slowReaders: {
    type: 'counter',
    name: 'omni2_edge_slow_readers_total',
    help: 'Clients that were cut off because they read too slowly',
    labels: { kind: ['ws', 'sse'] },
  },
  framesReceived: {
    type: 'counter',
    name: 'omni2_edge_frames_received_total',
    help: 'Frames of clients by type; invalid: refused with an error, too_many: above the frame rate',
    labels: { type: [...clientFrameTypes, 'invalid', 'too_many'] },
  },
  framesSent: {
    type: 'counter',
    name: 'omni2_edge_frames_sent_total',
    help: 'Frames handed to sockets and SSE responses, merged ones as one',
  },
  sentBytes: {
    type: 'counter',
    name: 'omni2_edge_sent_bytes_total',
    help: 'Bytes of frames handed to sockets and SSE responses',
  },
  resumes: {
    type: 'counter',
    name: 'omni2_edge_resumes_total',
    help: 'Resumes on sockets by their one answer; left: the client was gone before it, full: too many at once on one connection',
    labels: {
      result: [
        'resumed',
        'snapshot',
        'finished',
        'unknown',
        'bad_token',
        'expired_token',
        'future_cursor',
        'full',
        'left',
      ],
    },
  },
  acceptances: {
    type: 'counter',
    name: 'omni2_edge_acceptances_total',
    help: 'Messages of users by what came of storing them; duplicate: sent again, unknown: not acknowledged, refused: no room, refused_user: not stored, for a worker has just refused this user',
    labels: { result: ['accepted', 'duplicate', 'unknown', 'refused', 'refused_user'] },
  },
  acceptSeconds: {
    type: 'histogram',
    name: 'omni2_edge_accept_seconds',
    help: 'Time from a message to its place in the queue',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  },
  turns: {
    type: 'gauge',
    name: 'omni2_edge_turns',
    help: 'Turns whose frames are followed right now',
  },
  waitingMessages: {
    type: 'gauge',
    name: 'omni2_edge_waiting_messages',
    help: 'Messages that wait on their connection until its running turn has ended',
  },
})

export type EdgeMetrics = Metrics<typeof edgeMetrics>
