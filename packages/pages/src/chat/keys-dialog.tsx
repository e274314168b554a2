import { Button } from '../ui/button.tsx'
import { DialogWindow } from '../ui/dialog-window.tsx'

const keys = [
  ['Enter', 'send the message'],
  ['Shift + Enter', 'break the line'],
  ['Escape, twice', 'stop the reply that runs'],
  ['Ctrl + K', 'search the conversations'],
  ['Ctrl + Shift + O', 'begin a new chat'],
  ['/', 'go to the message box'],
  ['?', 'show these keys'],
] as const

/** All keys of the chat. */
export default function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <DialogWindow title="Keys" onClose={onClose}>
      <dl className="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <div className="modal-actions">
        <Button onPress={onClose}>Close</Button>
      </div>
    </DialogWindow>
  )
}
