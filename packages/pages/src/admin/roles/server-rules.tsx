import { SelectInput } from '../../ui/select-input.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import type { McpServer } from '../mcp-servers/server.ts'
import type { RoleDraft } from './role-draft.ts'
import { readRule, ruleNames, type ToolRule } from './tool-rule.ts'

interface RulesProps {
  readonly draft: RoleDraft
  readonly servers: readonly McpServer[]
  readonly mayChange: boolean
  readonly onEdit: (change: Partial<RoleDraft>) => void
}

/** Which MCP servers a role may use, and which tools of each. */
export function ServerRules({ draft, servers, mayChange, onEdit }: RulesProps) {
  const names = [...new Set([...servers.map(({ name }) => name), ...draft.servers])].toSorted()
  const toggle = (server: string, isOn: boolean) =>
    onEdit({ servers: isOn ? [...draft.servers, server] : draft.servers.filter((one) => one !== server) })
  const setRule = (server: string, rule: ToolRule) => onEdit({ rules: { ...draft.rules, [server]: rule } })
  return (
    <fieldset className="server-rules" disabled={!mayChange}>
      <legend>MCP servers</legend>
      <label className="filter-check">
        <input
          type="checkbox"
          checked={draft.allServers}
          onChange={({ target }) => onEdit({ allServers: target.checked })}
        />
        All servers, also those to come
      </label>
      {names.map((server) => {
        const isOn = draft.allServers || draft.servers.includes(server)
        return (
          <div key={server} className="server-rule">
            <label className="filter-check">
              <input
                type="checkbox"
                checked={isOn}
                disabled={draft.allServers}
                onChange={({ target }) => toggle(server, target.checked)}
              />
              {server}
            </label>
            {isOn && draft.unreadable === undefined && (
              <Rule
                server={server}
                rule={draft.rules[server] ?? readRule(undefined)}
                onChange={(rule) => setRule(server, rule)}
              />
            )}
          </div>
        )
      })}
      {draft.unreadable !== undefined && (
        <p className="soft">
          The stored rules cannot be read, so no tool is permitted:{' '}
          <code>{JSON.stringify(draft.unreadable)}</code>
        </p>
      )}
    </fieldset>
  )
}

interface RuleProps {
  readonly server: string
  readonly rule: ToolRule
  readonly onChange: (rule: ToolRule) => void
}

function Rule({ server, rule, onChange }: RuleProps) {
  const modes = (['all', 'none', 'allow', 'deny', 'stored'] as const).filter(
    (mode) => mode !== 'stored' || rule.stored !== undefined,
  )
  return (
    <>
      <SelectInput
        label={`Tools of ${server}`}
        value={rule.mode}
        onChange={(mode) => onChange({ ...rule, mode: mode as ToolRule['mode'] })}
      >
        {modes.map((mode) => (
          <option key={mode} value={mode}>
            {ruleNames[mode]}
          </option>
        ))}
      </SelectInput>
      {(rule.mode === 'allow' || rule.mode === 'deny') && (
        <TextArea
          label={`Names or patterns of ${server}`}
          hint="One a line, such as read_* or {get,list}_file."
          defaultValue={rule.tools.join('\n')}
          onChange={(text) => onChange({ ...rule, tools: readLines(text) })}
        />
      )}
      {rule.mode === 'stored' && <code>{JSON.stringify(rule.stored)}</code>}
    </>
  )
}

const readLines = (text: string): string[] =>
  text
    .split(/[\n,]+(?![^{]*\})/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
