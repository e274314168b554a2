import type { Environment } from '@omni2/service-kit'

/**
 * Puts variables into the text of a compose file as compose does it: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`;
 * `$$` is a dollar sign. Throws where a demanded one is not set.
 */
export function interpolate(text: string, env: Environment): string {
  return text.replaceAll(
    /\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\})/g,
    (_, name?: string, sign?: string, rest = '') => {
      if (name === undefined) return '$'
      const value = env[name] || (sign === '-' ? String(rest) : '')
      if (value === '' && sign === '?') throw new Error(`${name} is not set: ${String(rest)}`)
      return value
    },
  )
}
