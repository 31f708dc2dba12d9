import { Check, CircleDashed, CircleX, Minus } from 'lucide-react';
import type { StageState } from '../lib/stages.ts';
import { Spinner } from './Spinner.tsx';

/** How far a stage of a build is, as a sign. */
export function StageIcon({ state }: { state: StageState }) {
  switch (state) {
    case 'done':
      return <Check size={14} aria-label="done" />;
    case 'running':
      return <Spinner />;
    case 'failed':
      return <CircleX size={14} aria-label="failed" />;
    case 'skipped':
      return <Minus size={14} aria-label="not needed" />;
    case 'waiting':
      return <CircleDashed size={14} aria-label="not run" />;
  }
}
