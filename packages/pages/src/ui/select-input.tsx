import { type ReactNode, useId } from 'react'

interface SelectProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** The options. */
  readonly children: ReactNode
  readonly isDisabled?: boolean
}

/** A choice of one with its label, as the system shows it. */
export function SelectInput({ label, value, onChange, children, isDisabled = false }: SelectProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input"
        value={value}
        disabled={isDisabled}
        onChange={({ target }) => onChange(target.value)}
      >
        {children}
      </select>
    </div>
  )
}
