import { Send } from 'lucide-react';
import type { Endpoint, InstallView } from '../../../../contract/index.ts';
import { showCentre } from '../../model/commands.ts';
import { openParameters, sendRequest } from '../../model/requests.ts';
import { setDraft, type RequestDraft } from '../../model/view.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Section } from './Section.tsx';
import styles from './Sidebar.module.css';

export function Endpoints({ install }: { install: InstallView }) {
  return (
    <Section title={`Endpoints of ${install.name}`}>
      {install.endpoints.length === 0 && <li className={styles['none']}>It declares none</li>}
      {install.endpoints.map(endpoint => (
        <EndpointItem
          key={`${endpoint.method} ${endpoint.path}`}
          endpoint={endpoint}
          registryId={install.registryId}
        />
      ))}
    </Section>
  );
}

function EndpointItem({ endpoint, registryId }: { endpoint: Endpoint; registryId: string }) {
  const draft: RequestDraft = { method: endpoint.method, path: endpoint.path, body: '' };
  const compose = (): void => {
    setDraft(draft);
    showCentre('request');
  };
  const send = (): void => {
    compose();
    // What changes data or has gaps to fill is composed first, not sent blindly.
    const safe = endpoint.method === 'GET' && openParameters(endpoint.path).length === 0;
    if (safe) void sendRequest(registryId, draft);
  };
  const name = `${endpoint.method} ${endpoint.path}`;
  return (
    <li className={styles['entry']} data-current={false}>
      <button type="button" data-item className={styles['item']} title={`Compose ${name}`} onClick={compose}>
        <code className={styles['method']}>{endpoint.method}</code>
        <span className={styles['label']}>{endpoint.path}</span>
      </button>
      <IconButton label={`Send ${name}`} icon={<Send size={13} />} onClick={send} />
    </li>
  );
}
