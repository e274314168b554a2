import type { ApiAnswers } from '../../session/api-answers.ts'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useApi } from '../../session/session.tsx'
import { Callout } from '../../ui/callout.tsx'
import { describeError } from '../../ui/describe-error.ts'
import { useSettled } from '../../ui/use-settled.ts'
import { adminPath } from '../use-change.ts'
import type { permissionsOf } from './role-draft.ts'

/** The tools that a role would be offered right now, with the rule that decides each. */
export function RoleEffect({ permissions }: { readonly permissions: ReturnType<typeof permissionsOf> }) {
  const api = useApi()
  const asked = useSettled(JSON.stringify(permissions))
  const { data, error } = useQuery({
    queryKey: ['role-preview', asked],
    queryFn: ({ signal }) =>
      api.request<ApiAnswers['previewRole']>('POST', `${adminPath}/roles/preview`, {
        body: JSON.parse(asked) as object,
        signal,
      }),
    placeholderData: keepPreviousData,
  })
  const offered = data?.servers.flatMap(({ tools }) => tools.filter(({ permitted }) => permitted)) ?? []
  return (
    <section aria-label="Effect" className="role-effect">
      <h2>Effect</h2>
      <p role="status">
        {data && `This role is offered ${offered.length} ${offered.length === 1 ? 'tool' : 'tools'}.`}
      </p>
      {error && <Callout kind="error">{describeError(error)}</Callout>}
      {data?.servers.length === 0 && <p className="soft">No MCP server is active.</p>}
      {data?.servers.map(({ server, permitted, reason, tools }) => (
        <details key={server} open={permitted}>
          <summary>
            {server} {!permitted && <span className="chip">not permitted</span>}
            {reason !== null && <span className="chip warn">{reason}</span>}
          </summary>
          <ul className="effect-tools">
            {tools.map((tool) => (
              <li key={tool.tool}>
                <span className={`chip ${tool.permitted ? 'ok' : 'error'}`}>
                  {tool.permitted ? 'offered' : 'not offered'}
                </span>
                <span className="mono">{tool.tool}</span>
                <span className="soft">{describeRule(tool.rule)}</span>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  )
}

const ruleTexts: Readonly<Record<string, string>> = {
  mcp_access: 'its server is not permitted',
  all: 'all tools of the server are',
  none: 'no tool of the server is',
  unreadable: 'the stored rule cannot be read',
  'allow:(no match)': 'no name or pattern fits it',
  'deny:(no match)': 'no name or pattern excludes it',
}

function describeRule(rule: string): string {
  const [mode, pattern] = [rule.slice(0, rule.indexOf(':')), rule.slice(rule.indexOf(':') + 1)]
  return ruleTexts[rule] ?? (mode === 'deny' ? `excluded by ${pattern}` : `by ${pattern}`)
}
