import { TextArea as AriaTextArea, Label, Text, TextField, type TextFieldProps } from 'react-aria-components'

interface AreaProps extends TextFieldProps {
  readonly label: string
  readonly rows?: number
  /** What it takes, for people. */
  readonly hint?: string
}

/** Several lines of text with their label. */
export function TextArea({ label, rows = 3, hint, ...rest }: AreaProps) {
  return (
    <TextField {...rest} className="field">
      <Label>{label}</Label>
      <AriaTextArea className="input area" rows={rows} />
      {hint !== undefined && (
        <Text slot="description" className="soft">
          {hint}
        </Text>
      )}
    </TextField>
  )
}
