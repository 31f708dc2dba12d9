import {
  Alert,
  AlertDescription,
  Badge,
  Button,
  Card,
  DataTable,
  Input,
  Stack,
  Text,
} from '@alga-psa/ui-kit';
import type { Column } from '@alga-psa/ui-kit';
import type { IframeBridge } from '@alga-psa/extension-iframe-sdk';
import { useCallback, useEffect, useState, type FormEvent } from 'react';
import { api } from './bridge.ts';

type Task = { id: string; title: string; owner: string; done: boolean };

export function App({ bridge }: { bridge: IframeBridge }) {
  const { tasks, problem, busy, add, setDone } = useTasks(bridge);
  return (
    <main>
      <Stack gap={4}>
        <h1>Tasks</h1>
        {tasks && <Text tone="muted">{summary(tasks)}</Text>}
        {!tasks && busy && <Text tone="muted">Waiting for the handler…</Text>}
      </Stack>

      {problem && (
        <Alert tone="danger">
          <AlertDescription>{problem}</AlertDescription>
        </Alert>
      )}

      <Card>
        <NewTask busy={busy} onAdd={add} />
      </Card>

      {tasks && <DataTable columns={columns(setDone)} data={tasks} paginate={tasks.length > 10} />}
    </main>
  );
}

function summary(tasks: Task[]): string {
  const open = tasks.filter(task => !task.done).length;
  return open === 0 ? 'Nothing left to do.' : `${open} of ${tasks.length} still to do.`;
}

function NewTask({ busy, onAdd }: { busy: boolean; onAdd: (title: string) => Promise<boolean> }) {
  const [title, setTitle] = useState('');

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await onAdd(title)) setTitle('');
  }

  return (
    <form className="new-task" onSubmit={event => void submit(event)}>
      <Input
        aria-label="New task"
        placeholder="What needs doing?"
        value={title}
        maxLength={200}
        onChange={event => setTitle(event.target.value)}
      />
      <Button type="submit" disabled={busy || !title.trim()}>
        Add task
      </Button>
    </form>
  );
}

function columns(setDone: (task: Task, done: boolean) => Promise<void>): Column<Task>[] {
  return [
    { key: 'title', header: 'Task' },
    { key: 'owner', header: 'Added by' },
    {
      key: 'done',
      header: 'State',
      render: task => <Badge tone={task.done ? 'success' : 'info'}>{task.done ? 'Done' : 'Open'}</Badge>,
    },
    {
      key: 'id',
      header: 'Action',
      sortable: false,
      render: task => (
        <Button size="sm" variant="outline" onClick={() => void setDone(task, !task.done)}>
          {task.done ? 'Open again' : 'Mark as done'}
        </Button>
      ),
    },
  ];
}

/**
 * The list as the handler keeps it, undefined until the handler has told it; every action shows what went wrong in
 * `problem`.
 */
function useTasks(bridge: IframeBridge) {
  const [tasks, setTasks] = useState<Task[]>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(true);

  const attempt = useCallback(async (action: () => Promise<void>) => {
    setBusy(true);
    try {
      await action();
      setProblem(undefined);
      return true;
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      setBusy(false);
    }
  }, []);

  const load = useCallback(async () => {
    const answer = await api<{ tasks: Task[] }>(bridge, '/api/tasks');
    setTasks(answer.tasks);
  }, [bridge]);

  useEffect(() => {
    void attempt(load);
  }, [attempt, load]);

  const add = (title: string) =>
    attempt(async () => {
      const { task } = await api<{ task: Task }>(bridge, '/api/tasks', { method: 'POST', body: { title } });
      if (tasks) setTasks(current => [...(current ?? []), task]);
      else await load();
    });

  const setDone = async (changed: Task, done: boolean) => {
    await attempt(async () => {
      const path = `/api/tasks/${encodeURIComponent(changed.id)}`;
      const { task } = await api<{ task: Task }>(bridge, path, { method: 'PATCH', body: { done } });
      setTasks(current => current?.map(other => (other.id === task.id ? task : other)));
    });
  };

  return { tasks, problem, busy, add, setDone };
}
