// The benches in Electron's main process, which is where the workbench runs extensions; ../index.ts says what they take.
import { app } from 'electron';

app
  .whenReady()
  .then(() => import('../index.ts'))
  .then(
    () => app.exit(Number(process.exitCode)),
    (error: unknown) => {
      console.error(error);
      app.exit(2);
    },
  );
