import { FolderOpen } from 'lucide-react';
import { RadioGroup } from 'radix-ui';
import { useId, useState, type SyntheticEvent } from 'react';
import { extensionName, type ErrorValue, type WorkbenchState } from '../../../../contract/index.ts';
import { baseName, folderFault, joinFolder } from '../../lib/folder.ts';
import { call, errorValue } from '../../model/bridge.ts';
import { forgetFocus, restoreFocus } from '../../model/focus.ts';
import { closeDialog, useView } from '../../model/view.ts';
import { Button } from '../../ui/Button.tsx';
import { Modal } from '../../ui/Modal.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import styles from './NewProject.module.css';
import { TemplateArt } from './TemplateArt.tsx';

/** Picks a template and a folder, and makes the extension. */
export function NewProject({ state }: { state: WorkbenchState }) {
  const open = useView(view => view.dialog === 'new-project');
  return (
    <Modal
      open={open}
      title="New extension"
      description="Each template builds at once, with no network."
      width={720}
      onClose={closeDialog}
      onClosed={restoreFocus}
    >
      {open && <Form state={state} />}
    </Modal>
  );
}

const FIRST_NAME = 'my-extension';

function Form({ state }: { state: WorkbenchState }) {
  const asked = useView(view => view.newTemplate);
  const [templateId, setTemplateId] = useState(asked ?? state.templates[0]?.id ?? '');
  const [folder, setFolder] = useState(() => joinFolder(state.defaultProjectsFolder, freeName(state)));
  const [failure, setFailure] = useState<ErrorValue>();
  const [creating, setCreating] = useState(false);
  const [tried, setTried] = useState(false);
  const ids = { folder: useId(), hint: useId() };
  const fault = folderFault(folder);
  const shownFault = tried || folder === '' ? fault : undefined;

  const create = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (fault !== undefined) return;
    setCreating(true);
    setFailure(undefined);
    try {
      await call('project.create', { templateId, folder });
      useView.setState({ chosenInstall: undefined });
      forgetFocus();
      closeDialog();
    } catch (error) {
      setFailure(errorValue(error));
      setCreating(false);
    }
  };
  const browse = async (): Promise<void> => {
    try {
      const chosen = await call('project.choose-folder', { title: 'Where should the new folder stand?' });
      const name = baseName(folder);
      if (chosen.folder !== undefined) setFolder(joinFolder(chosen.folder, name === '' ? FIRST_NAME : name));
    } catch (error) {
      setFailure(errorValue(error));
    }
  };

  return (
    <form className={styles['form']} onSubmit={event => void create(event)}>
      <RadioGroup.Root
        className={styles['cards']}
        value={templateId}
        onValueChange={setTemplateId}
        aria-label="Template"
      >
        {state.templates.map(template => (
          <RadioGroup.Item
            key={template.id}
            value={template.id}
            className={styles['card']}
            aria-label={template.title}
            data-template={template.id}
            {...(template.id === templateId && { 'data-autofocus': '' })}
          >
            <TemplateArt id={template.id} />
            <span className={styles['cardWords']}>
              <b>{template.title}</b>
              <span>{template.description}</span>
            </span>
            <span className={styles['check']} aria-hidden />
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      <div className={styles['field']}>
        <label htmlFor={ids.folder}>Folder</label>
        <div className={styles['line']}>
          <input
            id={ids.folder}
            className={styles['input']}
            value={folder}
            spellCheck={false}
            aria-describedby={ids.hint}
            aria-invalid={shownFault !== undefined}
            onChange={event => {
              setFolder(event.target.value);
              setFailure(undefined);
            }}
          />
          <Button icon={<FolderOpen size={14} />} onClick={() => void browse()}>
            Browse…
          </Button>
        </div>
        <Hint id={ids.hint} failure={failure} fault={shownFault} name={extensionName(baseName(folder))} />
      </div>
      <footer className={styles['foot']}>
        <Button variant="quiet" onClick={closeDialog}>
          Cancel
        </Button>
        <Button
          type="submit"
          variant="primary"
          className={styles['create']}
          disabled={creating || templateId === ''}
          {...(creating && { icon: <Spinner /> })}
        >
          Create
        </Button>
      </footer>
    </form>
  );
}

function Hint(props: {
  id: string;
  failure: ErrorValue | undefined;
  fault: string | undefined;
  name: string;
}) {
  if (props.failure) {
    return (
      <p id={props.id} className={styles['fault']} role="alert">
        {props.failure.message} {props.failure.next}
      </p>
    );
  }
  if (props.fault !== undefined) {
    return (
      <p id={props.id} className={styles['fault']} role="alert">
        {props.fault}
      </p>
    );
  }
  return (
    <p id={props.id} className={styles['hint']}>
      A new folder; the extension is called <b>{props.name}</b>.
    </p>
  );
}

/** A name that no open project has. */
function freeName(state: WorkbenchState): string {
  const taken = new Set(state.projects.map(project => baseName(project.folder)));
  let name = FIRST_NAME;
  for (let number = 2; taken.has(name); number += 1) name = `${FIRST_NAME}-${number}`;
  return name;
}
