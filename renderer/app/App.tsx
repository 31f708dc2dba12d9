import { CircleX } from 'lucide-react';
import { useEffect } from 'react';
import type { ErrorValue } from '../../contract/index.ts';
import styles from './App.module.css';
import { connectCommands } from './model/commands.ts';
import { useAppliedTheme } from './model/theme.ts';
import { showToast } from './model/toasts.ts';
import { connectTraffic } from './model/traffic.ts';
import { connectWorkbench, useWorkbench } from './model/workbench.ts';
import { Dialogs } from './parts/dialogs/Dialogs.tsx';
import { StatusBar } from './parts/status/StatusBar.tsx';
import { Toasts } from './parts/status/Toasts.tsx';
import { TitleBar } from './parts/title/TitleBar.tsx';
import { Shell } from './Shell.tsx';
import { EmptyState } from './ui/EmptyState.tsx';

export function App() {
  useConnections();
  useAppliedTheme();
  useNotices();
  const state = useWorkbench(store => store.state);
  const failure = useWorkbench(store => store.failure);
  if (!state) return failure ? <Failed error={failure} /> : <div className={styles['starting']} aria-busy />;
  return (
    <div className={styles['window']}>
      <TitleBar state={state} />
      <Shell state={state} />
      <StatusBar state={state} />
      <Dialogs state={state} />
      <Toasts />
    </div>
  );
}

function useConnections(): void {
  useEffect(() => {
    const stops = [connectWorkbench(), connectTraffic(), connectCommands()];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
}

/** Prefix of notices about how the workbench was started; they wait in the status bar. */
const QUIET = 'app.';

/** Says each warning about the user's data once. */
function useNotices(): void {
  const notices = useWorkbench(store => store.state?.notices);
  const warnings = notices
    ?.filter(({ id, severity }) => severity === 'warning' && !id.startsWith(QUIET))
    .map(({ id }) => id)
    .join(' ');
  useEffect(() => {
    const said = warnings?.split(' ') ?? [];
    for (const notice of useWorkbench.getState().state?.notices ?? []) {
      if (said.includes(notice.id)) showToast({ ...notice, lasting: true });
    }
  }, [warnings]);
}

/** The workbench could not start: what happened and what to do. */
function Failed({ error }: { error: ErrorValue }) {
  return (
    <main className={styles['starting']} role="alert">
      <EmptyState icon={<CircleX size={18} />} title={error.message}>
        {error.next} <code>{error.code}</code>
      </EmptyState>
    </main>
  );
}
