import type { FormEvent } from 'react'
import { Button } from '../../ui/button.tsx'
import { TextInput } from '../../ui/text-input.tsx'

/** Limits as the API has them; null or absent: none. */
export type Limits = Readonly<Record<string, unknown>>

interface FormProps {
  readonly limits: Limits
  /** Fields of the API with their names for people. */
  readonly fields: Readonly<Record<string, string>>
  readonly mayChange: boolean
  /** What is given of them; null takes a limit away. */
  readonly onSave: (limits: Readonly<Record<string, number | null>>) => void
}

/** Limits as numbers; an empty one is none. */
export function LimitForm({ limits, fields, mayChange, onSave }: FormProps) {
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = Object.entries(
      Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>,
    )
    onSave(
      Object.fromEntries(given.map(([field, text]) => [field, text.trim() === '' ? null : Number(text)])),
    )
  }
  return (
    <form className="admin-form" onSubmit={save}>
      <div className="limit-fields">
        {Object.entries(fields).map(([field, name]) => (
          <TextInput
            key={`${field} ${String(limits[field])}`}
            label={name}
            name={field}
            inputMode="decimal"
            pattern="\d+(\.\d+)?"
            defaultValue={typeof limits[field] === 'number' ? String(limits[field]) : ''}
            isReadOnly={!mayChange}
          />
        ))}
      </div>
      {mayChange && (
        <div className="admin-row">
          <Button type="submit" kind="primary">
            Save limits
          </Button>
        </div>
      )}
    </form>
  )
}
