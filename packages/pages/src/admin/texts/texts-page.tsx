import type { ItemOf } from '../../session/item-of.ts'
import type { Page } from '@omni2/client'
import { useApi } from '../../session/session.tsx'
import { usePages } from '../../session/use-pages.ts'
import { Busy } from '../../ui/busy.tsx'
import { Callout } from '../../ui/callout.tsx'
import { describeError } from '../../ui/describe-error.ts'
import { MoreButton } from '../../ui/more-button.tsx'
import { useRoles } from '../roles/role.ts'
import { adminPath } from '../use-change.ts'
import { useList } from '../use-list.ts'
import { TextForm, type TextFormProps } from './text-form.tsx'

type Welcome = ItemOf<'listWelcomes'>

const welcomesQuery = ['welcomes'] as const
const promptsQuery = ['system-prompts'] as const

interface TextsProps {
  readonly mayChange: boolean
}

/** What users are greeted with, and what the model is given first. */
export const TextsPage = ({ mayChange }: TextsProps) => (
  <section aria-label="Texts" className="admin-part">
    <Prompts mayChange={mayChange} />
    <Welcomes mayChange={mayChange} />
  </section>
)

function Prompts({ mayChange }: TextsProps) {
  const prompts = useList<ItemOf<'listSystemPrompts'>>(promptsQuery, '/system-prompts')
  const roles = useRoles()
  const textOf = (role: string | null) => prompts.items.find((one) => one.role === role)?.prompt ?? ''
  const places = [
    { name: 'Everyone', path: '/system-prompts/default', text: textOf(null) },
    ...roles.items.map(({ name }) => ({
      name,
      path: `/system-prompts/roles/${encodeURIComponent(name)}`,
      text: textOf(name),
    })),
  ]
  return (
    <TextSection
      title="System prompts"
      hint="The model is given the prompt of the user’s role, else that of everyone."
      list={prompts}
      label="System prompt"
      places={places}
      field="prompt"
      mayChange={mayChange}
      queryKey={promptsQuery}
    />
  )
}

function Welcomes({ mayChange }: TextsProps) {
  const api = useApi()
  const roles = useRoles()
  const list = usePages(welcomesQuery, (cursor, signal) =>
    api.request<Page<Welcome>>('GET', `${adminPath}/welcomes`, { query: { cursor, limit: 200 }, signal }),
  )
  const textOf = (scope: Welcome['scope'], target: string | null) =>
    list.items.find((one) => one.scope === scope && one.target === target)?.welcome_message ?? ''
  const users = list.items.flatMap(({ scope, target }) =>
    scope === 'user' && target !== null ? [target] : [],
  )
  const places = [
    { name: 'Everyone', path: '/welcomes/default', text: textOf('default', null), stays: true },
    ...roles.items.map(({ name }) => ({
      name,
      path: `/welcomes/roles/${encodeURIComponent(name)}`,
      text: textOf('role', name),
    })),
    ...users.map((id) => ({ name: `User ${id}`, path: `/welcomes/users/${id}`, text: textOf('user', id) })),
  ]
  return (
    <>
      <TextSection
        title="Welcome texts"
        hint="A new chat begins with the user’s own text, else the role’s, else that of everyone."
        list={list}
        label="Welcome text"
        places={places}
        field="welcome_message"
        mayChange={mayChange}
        queryKey={welcomesQuery}
      />
      <MoreButton list={list} />
    </>
  )
}

interface SectionProps extends TextFormProps {
  readonly title: string
  readonly hint: string
  readonly list: { readonly error: Error | null; readonly isPending: boolean }
}

function TextSection({ title, hint, list: { error, isPending }, ...form }: SectionProps) {
  return (
    <>
      <h2>{title}</h2>
      <p className="soft">{hint}</p>
      {error && <Callout kind="error">{describeError(error)}</Callout>}
      {isPending ? <Busy label="Loading…" /> : <TextForm {...form} />}
    </>
  )
}
