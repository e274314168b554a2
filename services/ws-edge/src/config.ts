import { z } from 'zod'
import { wireBounds } from '@omni2/contracts'
import { parseLastViewerGone } from './parse-last-viewer-gone.ts'
import {
  listOfOrigins,
  listOfRanges,
  readConfig,
  serviceVariables,
  wholeNumber,
  type Environment,
  isDemoSecret,
} from '@omni2/service-kit'

export const edgeConfigSchema = z
  .object({
    ...serviceVariables,
    /** Address and port of /ws/chat; port 0 takes any free one. */
    EDGE_HOST: z.string().default('127.0.0.1'),
    EDGE_PORT: wholeNumber({ max: 65_535 }).default(8082),
    NATS_URL: z.string().min(1),

    /**
     * What proves who a request is from: `assertion`, signed by `auth`; or, for deployments that keep their own auth,
     * `header`: a bare X-User-Id, believed only from the addresses of TRUSTED_PROXIES (comma-separated CIDR ranges).
     */
    WS_EDGE_TRUST: z.enum(['assertion', 'header']).default('assertion'),
    TRUSTED_PROXIES: listOfRanges.default([]),
    /** Proxies (ranges) whose X-Forwarded-For is believed, beside TRUSTED_PROXIES: the gateway. The address in it distinguishes clients. */
    EDGE_TRUSTED_PROXIES: listOfRanges.prefault('127.0.0.0/8,::1'),
    /** Where `auth` serves the public keys of the identity assertion. */
    AUTH_JWKS_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
    /** How far the clock of `auth` may be off, in seconds. */
    AUTH_CLOCK_TOLERANCE_SECONDS: wholeNumber({ max: 5 }).default(5),
    /** Origins of pages that may log in and chat, beside the site's own: comma-separated, as browsers write them. */
    OMNI2_ORIGINS: listOfOrigins.default([]),
    /** Origins of pages that may connect, in place of the site's own; OMNI2_ORIGINS are enough for most. */
    ALLOWED_ORIGINS: listOfOrigins.default([]),
    /** Signs resume tokens; the same for all edges. */
    RESUME_TOKEN_SECRET: z.string().min(32, 'must have at least 32 characters'),
    RESUME_TOKEN_LIFETIME_MS: wholeNumber({ min: 1000 }).default(24 * 3600 * 1000),

    /** Connections of this edge, handshakes and SSE requests included; more are answered 503. */
    EDGE_MAX_CONNECTIONS: wholeNumber({ min: 1 }).default(10_000),
    /** Connections and SSE responses of one user on this edge; one more gets an error and is closed with 4429, or 429. */
    EDGE_CONNECTIONS_PER_USER: wholeNumber({ min: 1 }).default(200),
    /** Age in milliseconds at which a connection is asked to reconnect, between turns, up to a tenth later. */
    EDGE_MAX_AGE_MS: wholeNumber({ min: 1000, max: 1_900_000_000 }).default(24 * 3600 * 1000),

    /** Frames a second and at once from one connection; more are answered `too_many_frames`. */
    EDGE_FRAMES_PER_SECOND: wholeNumber({ min: 1 }).default(20),
    EDGE_FRAMES_BURST: wholeNumber({ min: 1 }).default(40),
    /** Refused frames, each also counted by the rate, after which the connection is closed with 4429. */
    EDGE_FRAMES_REFUSED: wholeNumber({ min: 1 }).default(50),
    /** Bytes of one frame, more closes with 1009; and of the body of an SSE request, more is answered 413. */
    EDGE_FRAME_BYTES: wholeNumber({ min: 1024, max: wireBounds.framePayloadBytes }).default(
      wireBounds.framePayloadBytes,
    ),
    /** Characters of a message's text; more is answered `text_too_long`. */
    EDGE_TEXT_LENGTH: wholeNumber({ min: 1, max: wireBounds.textLength }).default(wireBounds.textLength),
    /** Messages of one connection that wait for its running turn; one more is answered `queue_full`. */
    EDGE_WAITING_MESSAGES: wholeNumber({ min: 1 }).default(16),

    /** Longest wait for a worker that lets a user in, in milliseconds; then the connection is closed with 1013. */
    EDGE_OPEN_TIMEOUT_MS: wholeNumber({ min: 100 }).default(5000),
    /** Longest wait for the worker that runs a turn, in milliseconds; then the turn's row is asked. */
    EDGE_OWNER_TIMEOUT_MS: wholeNumber({ min: 50 }).default(500),
    EDGE_RESULT_TIMEOUT_MS: wholeNumber({ min: 50 }).default(2000),
    /** Resumes of this edge that are being looked up at once; the others wait for their turn. */
    EDGE_RESUMES_AT_ONCE: wholeNumber({ min: 1 }).default(64),
    /** Resumes of one connection that wait for an answer or are followed; one more is answered `queue_full`. */
    EDGE_RESUMES_PER_CONNECTION: wholeNumber({ min: 1 }).default(16),
    /** Longest wait for a worker that writes down a cancel, in milliseconds. */
    EDGE_CANCEL_TIMEOUT_MS: wholeNumber({ min: 100 }).default(5000),
    /**
     * What happens to a turn without viewers at any edge: `finish`, or `cancel-after:30s` (`ms`, `s`, `m`).
     * The same for all edges.
     */
    ON_LAST_VIEWER_GONE: z
      .string()
      .transform((text, context) => parseLastViewerGone(text) ?? (context.addIssue(lastViewerIssue), z.NEVER))
      .prefault('finish'),
    /** Pause between two looks at whether this edge's users may still chat, in milliseconds, and logins in one question. */
    EDGE_RECHECK_INTERVAL_MS: wholeNumber({ min: 100 }).default(60_000),
    EDGE_RECHECK_BATCH: wholeNumber({ min: 1, max: 5000 }).default(1000),
    /** Time without a frame of a turn after which the edge asks after it, in milliseconds. */
    EDGE_SILENCE_MS: wholeNumber({ min: 200 }).default(15_000),
    /** First pause between two questions about a turn that no worker answers, in milliseconds; doubles up to the silence. */
    EDGE_ASK_AGAIN_MS: wholeNumber({ min: 50 }).default(1000),
    /** Bytes of a turn's frames kept while frames before them are missing; above that they are dropped and asked for. */
    EDGE_HELD_BYTES: wholeNumber({ min: 1024 }).default(256 * 1024),

    /** Bytes waiting for a socket at which it counts as too slow and is closed with 1013. */
    EDGE_OUTBOX_MAX_BYTES: wholeNumber({ min: 4096 }).default(1024 * 1024),
    /** Bytes waiting for all clients of this edge together, above which those furthest behind are closed with 1013. */
    EDGE_OUTBOXES_MAX_BYTES: wholeNumber({ min: 4096 }).default(256 * 1024 * 1024),
    /** Time without progress of a waiting socket after which it is closed with 1013, in milliseconds. */
    EDGE_OUTBOX_STALL_MS: wholeNumber({ min: 100 }).default(5000),

    /** Longest time the head of an SSE response is held for the turn's checks, in milliseconds; refusals are events then. */
    EDGE_SSE_HOLD_MS: wholeNumber().default(1000),
    /** Pause between comments in an SSE stream, in milliseconds; what lies between must allow that much silence. */
    EDGE_SSE_COMMENT_MS: wholeNumber({ min: 50 }).default(15_000),

    /** Pause between pings in milliseconds; no pong until the next one closes with 4408. */
    EDGE_PING_INTERVAL_MS: wholeNumber({ min: 100 }).default(25_000),
    /** Longest wait for the client's part of a closing handshake, in milliseconds; then the socket is cut. */
    EDGE_CLOSE_DEADLINE_MS: wholeNumber({ min: 50 }).default(5000),
    /** What a client is asked to wait before it tries again, in milliseconds; up to twice that, at random. */
    EDGE_RETRY_AFTER_MS: wholeNumber().default(1000),

    /** Time for the balancer to notice that this edge leaves, in milliseconds; until then it serves, then it takes no connection. */
    EDGE_DRAIN_NOTICE_MS: wholeNumber().default(1000),
    /** Time over which idle connections are sent away, in milliseconds. */
    EDGE_DRAIN_SPREAD_MS: wholeNumber().default(3000),
    /** Longest wait for running turns, in milliseconds from the signal; the rest is closed with 1012. */
    EDGE_DRAIN_DEADLINE_MS: wholeNumber().default(18_000),
  })
  .refine(
    ({ NODE_ENV, RESUME_TOKEN_SECRET }) => NODE_ENV !== 'production' || !isDemoSecret(RESUME_TOKEN_SECRET),
    {
      path: ['RESUME_TOKEN_SECRET'],
      message: 'is a demo value or too easy to guess; production needs a random one',
    },
  )
  .refine(({ WS_EDGE_TRUST, AUTH_JWKS_URL }) => WS_EDGE_TRUST === 'header' || AUTH_JWKS_URL !== undefined, {
    path: ['AUTH_JWKS_URL'],
    message: 'is not set',
  })
  .refine(
    ({ WS_EDGE_TRUST, TRUSTED_PROXIES }) => (WS_EDGE_TRUST === 'header') === TRUSTED_PROXIES.length > 0,
    {
      path: ['TRUSTED_PROXIES'],
      message: 'goes with WS_EDGE_TRUST=header, and that does not go without it',
    },
  )
  .refine(leavesTimeToClose, {
    path: ['EDGE_DRAIN_DEADLINE_MS'],
    message: 'must leave EDGE_CLOSE_DEADLINE_MS until SHUTDOWN_DEADLINE_MS',
  })

const lastViewerIssue = {
  code: 'custom',
  message: 'must be finish, or cancel-after: and a time such as 30s',
} as const

/** After the drain's deadline the last closing handshakes need their own. */
function leavesTimeToClose(config: {
  EDGE_DRAIN_DEADLINE_MS: number
  EDGE_CLOSE_DEADLINE_MS: number
  SHUTDOWN_DEADLINE_MS: number
}): boolean {
  return config.EDGE_DRAIN_DEADLINE_MS + config.EDGE_CLOSE_DEADLINE_MS < config.SHUTDOWN_DEADLINE_MS
}

export type EdgeConfig = Readonly<z.infer<typeof edgeConfigSchema>>

/** Reads the variables of ws-edge; throws ConfigError with every bad one. */
export const readEdgeConfig = (env: Environment): EdgeConfig => readConfig(edgeConfigSchema, env)
