import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { DialogWindow } from './dialog-window.tsx'

interface ConfirmProps {
  readonly title: string
  readonly confirm: string
  readonly children: ReactNode
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog({ title, confirm, children, onConfirm, onClose }: ConfirmProps) {
  return (
    <DialogWindow title={title} role="alertdialog" onClose={onClose}>
      <div>{children}</div>
      <div className="modal-actions">
        <Button onPress={onClose}>Cancel</Button>
        <Button kind="danger" onPress={onConfirm}>
          {confirm}
        </Button>
      </div>
    </DialogWindow>
  )
}
