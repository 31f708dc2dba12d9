import { KeyRound } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import type { InstallView } from '../../../../contract/index.ts';
import { call } from '../../model/bridge.ts';
import { act, reportFailure, showToast } from '../../model/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { PageSection } from './Page.tsx';
import styles from './State.module.css';

/** Sets secrets by name. Values go one way: they are sealed by main and never come back to a window. */
export function Secrets({ install }: { install: InstallView }) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const [confirming, setConfirming] = useState(false);
  const { registryId, secretNames } = install;
  const granted = install.capabilities.includes('cap:secrets.get');

  const save = (event: SyntheticEvent): void => {
    event.preventDefault();
    call('install.set-secret', { registryId, name: name.trim(), value })
      .then(() => {
        showToast({
          id: 'secret',
          severity: 'info',
          message: `Secret “${name.trim()}” is set`,
          lasting: false,
        });
        setName('');
        setValue('');
      })
      .catch(reportFailure);
  };

  return (
    <PageSection
      title="Secrets"
      note={
        granted ? (
          'Sealed with a key of your system. A value cannot be read back, only replaced.'
        ) : (
          <>
            The handler cannot read them: its manifest does not declare <code>cap:secrets.get</code>.
          </>
        )
      }
      actions={
        confirming ? (
          <>
            <Button variant="quiet" onClick={() => setConfirming(false)}>
              Keep them
            </Button>
            <Button
              variant="danger"
              onClick={() => {
                setConfirming(false);
                act('install.clear-secrets', { registryId });
              }}
            >
              Remove all {secretNames.length}
            </Button>
          </>
        ) : (
          <Button onClick={() => setConfirming(true)} disabled={secretNames.length === 0}>
            Clear secrets
          </Button>
        )
      }
    >
      <div className={styles['rows']}>
        {secretNames.map(each => (
          <div key={each} className={styles['secret']}>
            <KeyRound size={14} aria-hidden />
            <code data-selectable>{each}</code>
            <span className={styles['masked']} aria-label="value hidden">
              ••••••••
            </span>
            <Button variant="quiet" onClick={() => setName(each)}>
              Replace
            </Button>
          </div>
        ))}
        <form className={styles['pair']} onSubmit={save}>
          <input
            className={styles['input']}
            value={name}
            placeholder="name"
            aria-label="Secret name"
            spellCheck={false}
            onChange={event => setName(event.target.value)}
          />
          <input
            className={styles['input']}
            type="password"
            autoComplete="off"
            value={value}
            placeholder="value"
            aria-label="Secret value"
            onChange={event => setValue(event.target.value)}
          />
          <Button type="submit" disabled={name.trim() === '' || value === ''}>
            Set secret
          </Button>
        </form>
      </div>
    </PageSection>
  );
}
