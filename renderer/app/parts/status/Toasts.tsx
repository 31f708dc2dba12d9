import { CircleX, Info, TriangleAlert, X } from 'lucide-react';
import { Toast } from 'radix-ui';
import { dismissToast, useToasts, type Toast as ToastData } from '../../model/toasts.ts';
import { IconButton } from '../../ui/Button.tsx';
import styles from './Toasts.module.css';

const ICONS = { info: Info, warning: TriangleAlert, error: CircleX } as const;
const SHORT_MS = 2500;
const LONG_MS = 12_000;

export function Toasts() {
  const toasts = useToasts(store => store.toasts);
  return (
    <Toast.Provider swipeDirection="right">
      {toasts.map(toast => (
        <Item key={toast.id} toast={toast} />
      ))}
      <Toast.Viewport className={styles['viewport']} />
    </Toast.Provider>
  );
}

function Item({ toast }: { toast: ToastData }) {
  const Icon = ICONS[toast.severity];
  const duration = toast.lasting ? Infinity : toast.severity === 'info' ? SHORT_MS : LONG_MS;
  return (
    <Toast.Root
      className={styles['toast']}
      data-severity={toast.severity}
      type={toast.severity === 'info' ? 'background' : 'foreground'}
      duration={duration}
      onOpenChange={open => !open && dismissToast(toast.id)}
    >
      <Icon size={16} className={styles['icon']} aria-hidden />
      <div className={styles['words']}>
        <Toast.Title>{toast.message}</Toast.Title>
        {toast.next !== undefined && (
          <Toast.Description className={styles['next']}>{toast.next}</Toast.Description>
        )}
      </div>
      <Toast.Close asChild>
        <IconButton label="Dismiss" icon={<X size={14} />} />
      </Toast.Close>
    </Toast.Root>
  );
}
