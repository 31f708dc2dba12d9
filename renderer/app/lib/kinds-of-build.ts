import type { BuildKind } from '../../../contract/index.ts';

/** The two ways a handler runs while its project is open, and what differs. */
export const KIND_CHOICES: readonly {
  readonly value: BuildKind;
  readonly label: string;
  readonly hint: string;
}[] = [
  { value: 'development', label: 'Development build', hint: 'console and uncaught errors come through' },
  { value: 'release', label: 'Release build', hint: 'exactly what is published' },
];
