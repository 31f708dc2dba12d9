import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { IconButton } from './Button.tsx';
import styles from './Modal.module.css';

interface ModalProps {
  readonly open: boolean;
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly onClose: () => void;
  /** Gives the focus back. */
  readonly onClosed: () => void;
  readonly children: ReactNode;
}

/** A dialog over the window; Escape and the cross close it. The focus begins at `data-autofocus`, if there is one. */
export function Modal({ open, title, description, width, onClose, onClosed, children }: ModalProps) {
  return (
    <Dialog.Root open={open} onOpenChange={next => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles['scrim']} />
        <Dialog.Content
          className={styles['dialog']}
          style={{ width }}
          onOpenAutoFocus={focusStart}
          onCloseAutoFocus={event => {
            event.preventDefault();
            onClosed();
          }}
        >
          <header className={styles['head']}>
            <div>
              <Dialog.Title className={styles['title']}>{title}</Dialog.Title>
              <Dialog.Description className={styles['description']}>{description}</Dialog.Description>
            </div>
            <Dialog.Close asChild>
              <IconButton label="Close" icon={<X size={16} />} />
            </Dialog.Close>
          </header>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The cross comes first in the order of Tab, but nobody opens a dialog to close it. */
function focusStart(event: Event): void {
  const start =
    event.target instanceof HTMLElement && event.target.querySelector<HTMLElement>('[data-autofocus]');
  if (!start) return;
  event.preventDefault();
  start.focus();
}
