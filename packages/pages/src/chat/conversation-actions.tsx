import type { Conversation } from '@omni2/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { Form, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { useLocation } from 'wouter'
import { useApi } from '../session/session.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { DialogWindow } from '../ui/dialog-window.tsx'
import { describeError } from '../ui/describe-error.ts'
import { TextInput } from '../ui/text-input.tsx'
import { conversationsQuery, nameOf } from './conversations-query.ts'

interface ActionsProps {
  readonly item: Conversation
  readonly isCurrent: boolean
}

/** What can be done with a conversation: rename it, delete it. */
export default function ConversationActions({ item, isCurrent }: ActionsProps) {
  const [asked, setAsked] = useState<'rename' | 'delete'>()
  const close = () => setAsked(undefined)
  return (
    <>
      <MenuTrigger>
        <Button kind="quiet" isSmall isIcon aria-label={`Actions for ${nameOf(item)}`}>
          <Ellipsis size={16} aria-hidden />
        </Button>
        <Popover className="popover">
          <Menu className="menu" onAction={(key) => setAsked(key as 'rename' | 'delete')}>
            <MenuItem id="rename" className="menu-item">
              Rename
            </MenuItem>
            <MenuItem id="delete" className="menu-item danger">
              Delete
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      {asked === 'rename' && <RenameDialog item={item} onClose={close} />}
      {asked === 'delete' && <DeleteDialog item={item} isCurrent={isCurrent} onClose={close} />}
    </>
  )
}

function RenameDialog({ item, onClose }: { readonly item: Conversation; readonly onClose: () => void }) {
  const api = useApi()
  const queries = useQueryClient()
  const [title, setTitle] = useState(item.title)
  const rename = useMutation({
    mutationFn: () => api.renameConversation(item.conversation_id, title),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: conversationsQuery })
      onClose()
    },
  })
  return (
    <DialogWindow title="Rename conversation" onClose={onClose}>
      <Form
        onSubmit={(event) => {
          event.preventDefault()
          rename.mutate()
        }}
      >
        <TextInput label="Title" value={title} onChange={setTitle} maxLength={200} autoFocus />
        {rename.error && <Callout kind="error">{describeError(rename.error)}</Callout>}
        <div className="modal-actions">
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" isDisabled={rename.isPending}>
            Rename
          </Button>
        </div>
      </Form>
    </DialogWindow>
  )
}

interface DeleteProps extends ActionsProps {
  readonly onClose: () => void
}

function DeleteDialog({ item, isCurrent, onClose }: DeleteProps) {
  const api = useApi()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const remove = useMutation({
    mutationFn: () => api.deleteConversation(item.conversation_id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: conversationsQuery })
      onClose()
      if (isCurrent) navigate('/')
    },
  })
  return (
    <ConfirmDialog
      title="Delete conversation"
      confirm="Delete"
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>“{nameOf(item)}” goes from your list and cannot be opened again. What it used stays counted.</p>
      {remove.error && <Callout kind="error">{describeError(remove.error)}</Callout>}
    </ConfirmDialog>
  )
}
