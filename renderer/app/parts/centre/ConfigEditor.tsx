import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../model/bridge.ts';
import { reportFailure } from '../../model/toasts.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { PageSection } from './Page.tsx';
import styles from './State.module.css';

interface Entry {
  readonly id: number;
  readonly name: string;
  readonly value: string;
}

interface Edit {
  readonly entries: readonly Entry[];
  readonly nextId: number;
}

/** Edits the config as a whole; nothing is stored before Save. */
export function ConfigEditor(props: { registryId: string; config: Readonly<Record<string, string>> }) {
  const [edit, setEdit] = useState<Edit>();
  const [saving, setSaving] = useState(false);
  const { entries, nextId } = edit ?? fromConfig(props.config);
  const fault = edit && faultOf(entries);

  const change = (id: number, part: Partial<Omit<Entry, 'id'>>): void =>
    setEdit({ entries: entries.map(entry => (entry.id === id ? { ...entry, ...part } : entry)), nextId });
  const save = (): void => {
    setSaving(true);
    call('install.set-config', { registryId: props.registryId, config: toConfig(entries) })
      .then(() => setEdit(undefined))
      .catch(reportFailure)
      .finally(() => setSaving(false));
  };

  return (
    <PageSection
      title="Config"
      note={fault ?? 'Names and texts that the handler reads from its context.'}
      actions={
        <>
          {edit && (
            <Button variant="quiet" onClick={() => setEdit(undefined)} disabled={saving}>
              Discard
            </Button>
          )}
          <Button
            variant={edit ? 'primary' : 'outline'}
            onClick={save}
            disabled={!edit || fault !== undefined || saving}
          >
            Save config
          </Button>
        </>
      }
    >
      <div className={styles['rows']}>
        {entries.map(entry => (
          <div key={entry.id} className={styles['pair']}>
            <input
              className={styles['input']}
              value={entry.name}
              placeholder="name"
              aria-label="Config name"
              spellCheck={false}
              onChange={event => change(entry.id, { name: event.target.value })}
            />
            <input
              className={styles['input']}
              value={entry.value}
              placeholder="value"
              aria-label={`Value of ${entry.name}`}
              spellCheck={false}
              onChange={event => change(entry.id, { value: event.target.value })}
            />
            <IconButton
              label={`Remove ${entry.name}`}
              icon={<Trash2 size={14} />}
              onClick={() => setEdit({ entries: entries.filter(({ id }) => id !== entry.id), nextId })}
            />
          </div>
        ))}
        <Button
          variant="quiet"
          className={styles['add']}
          icon={<Plus size={14} />}
          onClick={() =>
            setEdit({ entries: [...entries, { id: nextId, name: '', value: '' }], nextId: nextId + 1 })
          }
        >
          Add an entry
        </Button>
      </div>
    </PageSection>
  );
}

function fromConfig(config: Readonly<Record<string, string>>): Edit {
  const entries = Object.entries(config).map(([name, value], id) => ({ id, name, value }));
  return { entries, nextId: entries.length };
}

function toConfig(entries: readonly Entry[]): Record<string, string> {
  return Object.fromEntries(entries.map(({ name, value }) => [name.trim(), value]));
}

function faultOf(entries: readonly Entry[]): string | undefined {
  const names = entries.map(entry => entry.name.trim());
  if (names.includes('')) return 'Every entry needs a name.';
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? undefined : `“${twice}” is there twice.`;
}
