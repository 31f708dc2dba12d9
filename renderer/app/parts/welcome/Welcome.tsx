import { FolderOpen, Plus } from 'lucide-react';
import type { WorkbenchState } from '../../../../contract/index.ts';
import { runCommand } from '../../model/commands.ts';
import { openDialog } from '../../model/view.ts';
import { Button } from '../../ui/Button.tsx';
import { Keys } from '../../ui/Keys.tsx';
import { TemplateArt } from '../dialogs/TemplateArt.tsx';
import { OneClick } from './OneClick.tsx';
import styles from './Welcome.module.css';

/** What a newcomer sees: what this is for, and the two ways in. */
export function Welcome({ state }: { state: WorkbenchState }) {
  return (
    <main className={styles['welcome']} data-region="main">
      <div className={styles['page']}>
        <section className={styles['intro']}>
          <h1>
            See your extension answer,
            <br />
            and see how.
          </h1>
          <p>
            The workbench builds an extension, installs it for a local tenant and runs it in the
            platform&rsquo;s own page. No network, no platform, no account.
          </p>
          <div className={styles['actions']}>
            <Button
              variant="primary"
              size="lg"
              icon={<Plus size={16} />}
              onClick={() => runCommand('project.new')}
            >
              New from template
            </Button>
            <Button size="lg" icon={<FolderOpen size={16} />} onClick={() => runCommand('project.open')}>
              Open folder
            </Button>
          </div>
          <p className={styles['keys']}>
            <span>
              Every action by name <Keys shortcut="Mod+K" />
            </span>
            <span>
              All shortcuts <Keys shortcut="Mod+/" />
            </span>
          </p>
        </section>
        <OneClick />
        <section className={styles['templates']} aria-label="Templates">
          {state.templates.map(template => (
            <button
              key={template.id}
              type="button"
              className={styles['template']}
              onClick={() => openDialog('new-project', template.id)}
            >
              <TemplateArt id={template.id} start />
              <b>{template.title}</b>
              <span>{template.description}</span>
            </button>
          ))}
        </section>
      </div>
    </main>
  );
}
