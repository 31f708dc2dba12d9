import { Database } from 'lucide-react';
import { Switch } from 'radix-ui';
import type { InstallView } from '../../../../contract/index.ts';
import { act } from '../../model/toasts.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ConfigEditor } from './ConfigEditor.tsx';
import { Page, PageSection } from './Page.tsx';
import { Secrets } from './Secrets.tsx';
import styles from './State.module.css';

/** What an administrator of the platform would set for this install. */
export function State({ install }: { install: InstallView | undefined }) {
  if (!install) {
    return (
      <EmptyState icon={<Database size={18} />} title="Nothing is installed yet">
        An install carries config and secrets. Build the extension, and set here what its handler asks for.
      </EmptyState>
    );
  }
  return (
    <Page>
      <PageSection
        title="Install"
        note="A disabled install refuses every call. Config, secrets and records survive new builds."
        actions={
          <label className={styles['switchLabel']}>
            {install.enabled ? 'Enabled' : 'Disabled'}
            <Switch.Root
              className={styles['switch']}
              checked={install.enabled}
              onCheckedChange={enabled =>
                act('install.set-enabled', { registryId: install.registryId, enabled })
              }
              aria-label="Enabled"
            >
              <Switch.Thumb className={styles['thumb']} />
            </Switch.Root>
          </label>
        }
      >
        {null}
      </PageSection>
      <ConfigEditor registryId={install.registryId} config={install.config} />
      <Secrets install={install} />
    </Page>
  );
}
