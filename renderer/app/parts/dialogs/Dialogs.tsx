import type { WorkbenchState } from '../../../../contract/index.ts';
import { NewProject } from './NewProject.tsx';
import { Palette } from './Palette.tsx';
import { Shortcuts } from './Shortcuts.tsx';

/** The dialogs; each shows itself when the view says so. */
export function Dialogs({ state }: { state: WorkbenchState }) {
  return (
    <>
      <Palette state={state} />
      <NewProject state={state} />
      <Shortcuts />
    </>
  );
}
