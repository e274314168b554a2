import type { QueryKey } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { SelectInput } from '../../ui/select-input.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { ChangeState } from '../change-state.tsx'
import { useChange } from '../use-change.ts'

/** Whom a text is for; an empty one is not set. */
interface Place {
  readonly name: string
  readonly path: string
  readonly text: string
  /** It can be changed, and not taken away. */
  readonly stays?: boolean
}

export interface TextFormProps {
  readonly label: string
  readonly places: readonly Place[]
  /** Of the API. */
  readonly field: string
  readonly mayChange: boolean
  readonly queryKey: QueryKey
}

/** One text for everyone, and others in its place for some. */
export function TextForm({ label, places, field, mayChange, queryKey }: TextFormProps) {
  const [path, setPath] = useState(places[0]?.path ?? '')
  const place = places.find((one) => one.path === path)
  const save = useChange({ queryKeys: [queryKey] })
  if (!place) return null
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { text = '' } = Object.fromEntries(new FormData(event.currentTarget)) as { text?: string }
    save.change(['PUT', place.path, { [field]: text }])
  }
  return (
    <form className="admin-form" onSubmit={submit}>
      <SelectInput label={`${label} of`} value={path} onChange={setPath}>
        {places.map((one) => (
          <option key={one.path} value={one.path}>
            {one.name}
            {one.text === '' ? ' (none)' : ''}
          </option>
        ))}
      </SelectInput>
      <TextArea
        key={`${place.path} ${place.text}`}
        label={label}
        name="text"
        rows={6}
        defaultValue={place.text}
        isReadOnly={!mayChange}
        isRequired
      />
      {mayChange && (
        <div className="admin-row">
          <Button type="submit" kind="primary" isDisabled={save.isPending}>
            Save
          </Button>
          {place.text !== '' && place.stays !== true && (
            <Button
              kind="danger"
              isDisabled={save.isPending}
              onPress={() => save.change(['DELETE', place.path])}
            >
              Remove
            </Button>
          )}
        </div>
      )}
      <ChangeState of={save} />
    </form>
  )
}
