import { FieldError, Input, Label, TextField, type TextFieldProps } from 'react-aria-components'

/** A line of text with its label. */
export function TextInput({ label, ...rest }: TextFieldProps & { readonly label: string }) {
  return (
    <TextField {...rest} className="field">
      <Label>{label}</Label>
      <Input className="input" />
      <FieldError className="soft" />
    </TextField>
  )
}
