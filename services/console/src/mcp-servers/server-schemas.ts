import { z } from 'zod'
import { name, text } from '../schemas.ts'
import { isMaskedUrl, mask } from './mask-url.ts'

export const mcpServerSchema = z.object({
  name: z.string(),
  /** Values of its query are never shown. */
  url: z.string(),
  description: z.string().nullable(),
  status: z.string().nullable(),
  protocol: z.string().nullable(),
  timeout_seconds: z.int().nullable(),
  auth_type: z.string().nullable(),
  /** Names of what is set; values are never shown. */
  auth_config: z.record(z.string(), z.string()).nullable(),
  health_status: z.string().nullable(),
  last_health_check: z.date().nullable(),
})

const maskGiven = `is shown as ${mask}, which is no value; leave it out to keep what there is`

const httpUrl = text(500)
  .refine(isPlainHttpUrl, 'must be an http or https URL without credentials and fragment')
  .refine((url) => !isMaskedUrl(url), maskGiven)

const credential = text(10_000).refine((value) => value !== mask, maskGiven)

/** Credentials by name; `headers` may hold several. */
const authConfigSchema = z.record(name(100), z.union([credential, z.record(name(100), credential)]))

const fields = {
  /** Of an http server. A stdio server has none: workers' own configuration says what its name runs. */
  url: httpUrl.nullable(),
  description: text(1000).nullable(),
  status: z.enum(['active', 'inactive']),
  protocol: z.enum(['http', 'stdio']),
  timeout_seconds: z.int().min(1).max(600).nullable(),
  auth_type: z.enum(['none', 'bearer', 'api_key', 'basic', 'headers']),
  auth_config: authConfigSchema.nullable(),
}

const whole = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, 'must be letters, digits, _, . and -'),
  url: fields.url.default(null),
  description: fields.description.default(null),
  status: fields.status.default('active'),
  protocol: fields.protocol.default('http'),
  timeout_seconds: fields.timeout_seconds.default(30),
  auth_type: fields.auth_type.default('none'),
  auth_config: fields.auth_config.default(null),
})

export const newServerSchema = whole.refine(hasItsUrl, { path: ['url'], message: 'goes with protocol http' })

export const serverChangeSchema = z
  .strictObject(fields)
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'must change something')

/** An http server has a url, a stdio server has none. */
export function hasItsUrl({ protocol, url }: { protocol: string | null; url: string | null }): boolean {
  return (protocol === 'stdio') === (url === null || url === '')
}

function isPlainHttpUrl(url: string): boolean {
  const parsed = URL.parse(url)
  const isHttp = parsed?.protocol === 'http:' || parsed?.protocol === 'https:'
  return isHttp && `${parsed.username}${parsed.password}${parsed.hash}` === ''
}
