import { ChevronRight } from 'lucide-react';
import { Collapsible } from 'radix-ui';
import type { Header, RecordedMessage } from '../../../../contract/index.ts';
import { BodyView } from './BodyView.tsx';
import styles from './Inspector.module.css';

/** Headers and body of one direction. */
export function MessageView(props: { message: RecordedMessage | undefined; loaded: boolean; label: string }) {
  const { message, loaded, label } = props;
  if (!loaded) return <p className={styles['none']}>Loading…</p>;
  if (!message) return <p className={styles['none']}>No {label.toLowerCase()} was recorded for this hop.</p>;
  return (
    <div className={styles['message']}>
      {message.headers.length > 0 && <Headers headers={message.headers} />}
      <div className={styles['messageBody']}>
        <BodyView body={message.body} label={label} />
      </div>
    </div>
  );
}

function Headers({ headers }: { headers: readonly Header[] }) {
  return (
    <Collapsible.Root className={styles['headers']}>
      <Collapsible.Trigger className={styles['headersTrigger']}>
        <ChevronRight size={13} aria-hidden />
        {headers.length === 1 ? '1 header' : `${headers.length} headers`}
      </Collapsible.Trigger>
      <Collapsible.Content>
        <dl className={styles['headerList']}>
          {headers.map((header, index) => (
            <div key={`${header.name} ${index}`}>
              <dt>{header.name}</dt>
              <dd data-selectable>{header.value}</dd>
            </div>
          ))}
        </dl>
      </Collapsible.Content>
    </Collapsible.Root>
  );
}
