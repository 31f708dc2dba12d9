import { PlugZap, Send } from 'lucide-react';
import type { SyntheticEvent } from 'react';
import type { InstallView } from '../../../../contract/index.ts';
import { openParameters, sendingOf, sendRequest, useRequests } from '../../model/requests.ts';
import { setDraft, useView } from '../../model/view.ts';
import { Button } from '../../ui/Button.tsx';
import { ChoiceMenu } from '../../ui/ChoiceMenu.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Keys } from '../../ui/Keys.tsx';
import { Answer } from './Answer.tsx';
import styles from './Request.module.css';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map(value => ({ value, label: value }));

/** Composes a call and shows its answer, through the gateway, as the current user. */
export function Request({ install }: { install: InstallView | undefined }) {
  if (!install) {
    return (
      <EmptyState icon={<PlugZap size={18} />} title="Nothing answers yet">
        Build the extension; then call its endpoints from here, without a UI in between.
      </EmptyState>
    );
  }
  return <Composer install={install} />;
}

function Composer({ install }: { install: InstallView }) {
  const draft = useView(view => view.draft);
  const sending = useRequests(store => sendingOf(store, install.registryId));
  const gaps = openParameters(draft.path);
  const declared = install.endpoints.find(each => each.method === draft.method && each.path === draft.path);
  const send = (event?: SyntheticEvent): void => {
    event?.preventDefault();
    if (draft.path !== '' && sending.phase !== 'sending') void sendRequest(install.registryId, draft);
  };
  return (
    <div className={styles['request']}>
      <form
        className={styles['compose']}
        onSubmit={send}
        onKeyDown={event => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send(event);
        }}
      >
        <div className={styles['line']}>
          <ChoiceMenu
            label="Method"
            choices={METHODS}
            value={draft.method}
            onChoose={method => setDraft({ ...draft, method })}
          />
          <input
            className={styles['path']}
            value={draft.path}
            aria-label="Path and query"
            placeholder="/api/items?limit=10"
            spellCheck={false}
            onChange={event => setDraft({ ...draft, path: event.target.value })}
          />
          <Button
            type="submit"
            variant="primary"
            icon={<Send size={13} />}
            disabled={sending.phase === 'sending'}
          >
            Send
          </Button>
        </div>
        <div className={styles['hints']}>
          <span>
            {gaps.length > 0
              ? `Fill in ${gaps.map(gap => `:${gap}`).join(', ')} before you send.`
              : declared
                ? `Declared; handled by ${declared.handler}.`
                : 'As the current user, through the gateway.'}
          </span>
          <Keys shortcut="Mod+Enter" />
        </div>
        {install.endpoints.length > 0 && (
          <div className={styles['declared']} role="group" aria-label="Declared endpoints">
            {install.endpoints.map(({ method, path }) => (
              <button
                key={`${method} ${path}`}
                type="button"
                className={styles['endpoint']}
                aria-pressed={draft.method === method && draft.path === path}
                onClick={() => setDraft({ ...draft, method, path })}
              >
                <b>{method}</b> {path}
              </button>
            ))}
          </div>
        )}
        <textarea
          className={styles['body']}
          value={draft.body}
          aria-label="Body"
          placeholder={draft.method === 'GET' ? 'A GET carries no body' : '{ "name": "value" }'}
          disabled={draft.method === 'GET'}
          spellCheck={false}
          onChange={event => setDraft({ ...draft, body: event.target.value })}
        />
      </form>
      <Answer sending={sending} />
    </div>
  );
}
