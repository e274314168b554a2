import { Menu } from 'lucide-react'
import { Dialog, DialogTrigger, Modal, ModalOverlay } from 'react-aria-components'
import { Button } from '../ui/button.tsx'
import { ConversationList } from './conversation-list.tsx'

/** On a narrow page the conversations come from the side. */
export default function ConversationDrawer({ current }: { readonly current: string | undefined }) {
  return (
    <DialogTrigger>
      <Button kind="quiet" isSmall aria-label="Show conversations">
        <Menu size={18} aria-hidden /> Conversations
      </Button>
      <ModalOverlay className="drawer-overlay" isDismissable>
        <Modal className="drawer">
          <Dialog aria-label="Conversations">
            {({ close }) => <ConversationList current={current} onChoose={close} />}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  )
}
