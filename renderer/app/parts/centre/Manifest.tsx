import { FileJson, Send } from 'lucide-react';
import type { InstallView, ProjectView } from '../../../../contract/index.ts';
import { CAPABILITY_MEANINGS, isAlwaysGranted } from '../../lib/capabilities.ts';
import { runCommand, showCentre, showPanelTab } from '../../model/commands.ts';
import { setDraft } from '../../model/view.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import styles from './Manifest.module.css';
import { Facts, Page, PageSection } from './Page.tsx';

/** The manifest as the platform reads it: after its rules, defaults and normalising. */
export function Manifest(props: { project: ProjectView | undefined; install: InstallView | undefined }) {
  const { project, install } = props;
  const problems = project?.build.problems.filter(problem => problem.file === 'manifest.json').length ?? 0;
  const open = project && (
    <Button icon={<FileJson size={14} />} onClick={() => runCommand('project.open-manifest')}>
      Open manifest.json
    </Button>
  );
  if (!install) {
    return (
      <EmptyState icon={<FileJson size={18} />} title="No manifest has been accepted yet" actions={open}>
        When a build passes the platform&rsquo;s rules, what the platform makes of <code>manifest.json</code>{' '}
        stands here: endpoints, granted capabilities, menu hooks.
      </EmptyState>
    );
  }
  return (
    <Page>
      <PageSection
        title="As the platform stores it"
        note="Of the build that runs now, after defaults and normalising."
        actions={
          <>
            {problems > 0 && (
              <Button variant="danger" onClick={() => showPanelTab('problems')}>
                {problems === 1 ? '1 problem' : `${problems} problems`}
              </Button>
            )}
            {open}
          </>
        }
      >
        <Facts
          facts={[
            ['Name', install.name],
            ['Publisher', install.publisher],
            ['Version', install.version],
            ['Menu entry', install.menuLabel ?? 'none: it does not show in the platform’s menu'],
            ['User interface', install.hasUi ? 'iframe' : 'none'],
            ['Registry id', <code key="id">{install.registryId}</code>],
            ['Content hash', <code key="hash">{install.contentHash}</code>],
          ]}
        />
      </PageSection>
      <Endpoints install={install} />
      <Capabilities granted={install.capabilities} />
    </Page>
  );
}

function Endpoints({ install }: { install: InstallView }) {
  return (
    <PageSection title="Endpoints" note="The gateway refuses whatever is not declared here.">
      <table className={styles['table']}>
        <thead>
          <tr>
            <th>Method</th>
            <th>Path</th>
            <th>Handler</th>
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {install.endpoints.map(({ method, path, handler }) => (
            <tr key={`${method} ${path}`}>
              <td>
                <code>{method}</code>
              </td>
              <td data-selectable>
                <code>{path}</code>
              </td>
              <td data-selectable>{handler}</td>
              <td>
                <IconButton
                  label={`Compose ${method} ${path}`}
                  icon={<Send size={13} />}
                  onClick={() => {
                    setDraft({ method, path, body: '' });
                    showCentre('request');
                  }}
                />
              </td>
            </tr>
          ))}
          {install.endpoints.length === 0 && (
            <tr>
              <td colSpan={4}>None: every call to this extension answers 404.</td>
            </tr>
          )}
        </tbody>
      </table>
    </PageSection>
  );
}

function Capabilities({ granted }: { granted: readonly string[] }) {
  return (
    <PageSection title="Capabilities" note="A host call without its capability is denied.">
      <table className={styles['table']}>
        <tbody>
          {CAPABILITY_MEANINGS.map(([capability, meaning]) => {
            const has = granted.includes(capability);
            return (
              <tr key={capability} data-off={!has}>
                <td>
                  <code>{capability}</code>
                </td>
                <td>{meaning}</td>
                <td className={styles['end']}>
                  {has ? (
                    <Chip tone="good">{isAlwaysGranted(capability) ? 'always granted' : 'granted'}</Chip>
                  ) : (
                    <Chip>not declared</Chip>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </PageSection>
  );
}
