import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/** Progress goes to standard error: with --json standard output belongs to the answer alone. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Runs a command with its output on standard error; resolves to its exit status. */
export function run(
  command,
  args,
  { env = process.env, cwd = root, stdout = 'stderr', stdin = 'ignore' } = {},
) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: [stdin, stdout === 'stderr' ? 2 : 'inherit', 'inherit'],
    });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const pass = signal => child.kill(signal);
    for (const signal of signals) process.on(signal, pass);
    const settle = answer => value => {
      for (const signal of signals) process.off(signal, pass);
      answer(value);
    };
    child.once('error', settle(reject));
    child.once('exit', (code, signal) => settle(resolve)(signal ? 128 : code));
  });
}

/** Like {@link run}, but a failure ends the whole command with a sentence that says which step failed. */
export async function runOrExit(step, command, args, options) {
  const status = await run(command, args, options).catch(error => {
    say(`${step}: ${command} could not be started (${error.message}).`);
    return 1;
  });
  if (status !== 0) {
    say(`${step} failed: ${command} ${args.join(' ')} (exit status ${status}).`);
    process.exit(status || 1);
  }
}

/** Runs one set-up step with a line before it and its time after it. */
export async function step(title, work) {
  say(`▸ ${title}`);
  const started = performance.now();
  await work();
  say(`  done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
