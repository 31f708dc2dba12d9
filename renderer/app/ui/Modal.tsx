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
  readonly children: ReactNode;
}

/** A dialog over the window; Escape and the cross close it, and the focus returns to where it was. */
export function Modal({ open, title, description, width, onClose, children }: ModalProps) {
  return (
    <Dialog.Root open={open} onOpenChange={next => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles['scrim']} />
        <Dialog.Content className={styles['dialog']} style={{ width }}>
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
