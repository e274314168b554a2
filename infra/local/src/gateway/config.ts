import { z } from 'zod'
import {
  type Environment,
  listOfOrigins,
  listOfRanges,
  listOfWords,
  readConfig,
  serviceVariables,
  wholeNumber,
} from '@omni2/service-kit'

const httpOrigin = z.url({ protocol: /^http$/, error: 'must be an http:// URL' })

export const gatewayConfigSchema = z.object({
  ...serviceVariables,
  GATEWAY_PORT: wholeNumber({ min: 1, max: 65_535 }).default(8080),
  /** The service that answers /validate, /auth and the public keys. */
  AUTH_URL: httpOrigin,
  /** The edges that share the sockets, comma-separated; those of EDGE_URLS_FILE may change while the gateway runs. */
  EDGE_URLS: listOfWords.pipe(z.array(httpOrigin).min(1)),
  /** The service of the Admin API. */
  CONSOLE_URL: httpOrigin,
  /** Origins of pages that may read the gateway's own answers; auth and edges decide for theirs. */
  OMNI2_ORIGINS: listOfOrigins.default([]),
  /** Ranges of a proxy in front, whose X-Forwarded-For, -Host, -Port and -Proto are believed; it listens on loopback. */
  OMNI2_BALANCERS: listOfRanges.default([]),
  /** Connections above it are refused. */
  GATEWAY_MAX_CONNECTIONS: wholeNumber({ min: 1 }).default(20_000),
  /** Longest wait for auth's answer in milliseconds; then 503. */
  GATEWAY_AUTH_TIMEOUT_MS: wholeNumber({ min: 100 }).default(5_000),
  /** Longest wait for a TCP connection to an upstream in milliseconds; then the next one is tried. */
  GATEWAY_CONNECT_TIMEOUT_MS: wholeNumber({ min: 100 }).default(2_000),
  /** Longest wait for an upstream's answer to an upgrade in milliseconds. */
  GATEWAY_UPGRADE_TIMEOUT_MS: wholeNumber({ min: 100 }).default(15_000),
  /**
   * Time in milliseconds in which a side may read nothing while data waits for it, or stay open after the other's end.
   * Then, at the latest after twice that, it is closed.
   */
  GATEWAY_STALL_TIMEOUT_MS: wholeNumber({ min: 100 }).default(15_000),
})

export type GatewayConfig = Readonly<z.infer<typeof gatewayConfigSchema>>

/** Reads the variables of the local gateway; throws ConfigError with every bad one. */
export const readGatewayConfig = (env: Environment): GatewayConfig => readConfig(gatewayConfigSchema, env)
