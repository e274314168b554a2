import { z } from 'zod'
import { OperatorError } from '../operator-error.ts'

type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'

/** The Admin API as one operator. */
export interface AdminApi {
  /** Of the deployment, without a slash at its end. */
  readonly url: string
  /** Asks and reads the answer; throws an OperatorError of one line when it is refused or unreadable. */
  call<T>(method: Method, path: string, options: { answer: z.ZodType<T>; body?: object }): Promise<T>
}

interface Access {
  readonly url: string
  /** An access token. */
  readonly token: string
}

const requestMs = 30_000

const refusalSchema = z.looseObject({
  error: z.string(),
  problems: z.array(z.looseObject({ path: z.string(), message: z.string() })).default([]),
})

/** Opens the Admin API of a deployment. */
export function openAdminApi({ url, token }: Access): AdminApi {
  return {
    url,
    call: async (method, path, { answer, body }) => {
      const response = await send({ url: `${url}/api/admin/v1${path}`, method, token, body })
      const json: unknown = await response.json().catch(() => undefined)
      if (!response.ok) throw new OperatorError(describeRefusal(response.status, json))
      return answer.parse(json)
    },
  }
}

function send({
  url,
  method,
  token,
  body,
}: {
  url: string
  method: Method
  token: string
  body: object | undefined
}) {
  const type = body === undefined ? undefined : { 'content-type': 'application/json' }
  return fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, ...type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(requestMs),
  }).catch((cause: unknown) => {
    const { origin } = new URL(url)
    if (cause instanceof Error && cause.name === 'TimeoutError')
      throw new OperatorError(`${origin} has not answered for ${requestMs / 1000} s`, { cause })
    throw new OperatorError(`nothing answers at ${origin}; start it with: npm start`, { cause })
  })
}

function describeRefusal(status: number, json: unknown): string {
  const refusal = refusalSchema.safeParse(json)
  if (!refusal.success) return `the server answered with HTTP ${status}`
  const { error, problems } = refusal.data
  const details = problems.map(
    ({ path, message }) => `${path.replace(/^(body|params|query)\./, '')}: ${message}`,
  )
  return details.length > 0 ? details.join('; ') : error
}
