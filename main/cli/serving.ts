import { InvalidArgumentError } from 'commander';

/** Resolves at the first signal that asks the process to end. */
export function untilSignal(): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

/** A `--port` argument: a whole number from 0 (any free one) to 65535. */
export function port(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65_535) throw new InvalidArgumentError('Give a port from 0 to 65535.');
  return number;
}
