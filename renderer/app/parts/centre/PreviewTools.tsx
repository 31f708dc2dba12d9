import { Globe, Monitor, RotateCw } from 'lucide-react';
import type { InstallView } from '../../../../contract/index.ts';
import { runCommand } from '../../model/commands.ts';
import { setPreference, usePreferences, type PreviewSize } from '../../model/preferences.ts';
import { IconButton } from '../../ui/Button.tsx';
import { ChoiceMenu, type Choice } from '../../ui/ChoiceMenu.tsx';

const SIZES: readonly Choice<PreviewSize>[] = [
  { value: 'fit', label: 'Fit' },
  { value: 'desktop', label: 'Desktop', hint: '1024 × 640' },
  { value: 'tablet', label: 'Tablet', hint: '768 × 640' },
  { value: 'phone', label: 'Phone', hint: '390 × 700' },
];

export function PreviewTools({ install }: { install: InstallView }) {
  const size = usePreferences(preferences => preferences.previewSize);
  const hint = SIZES.find(choice => choice.value === size)?.hint;
  return (
    <>
      <ChoiceMenu
        label="Size of the preview"
        icon={<Monitor size={14} aria-hidden />}
        choices={SIZES}
        value={size}
        shown={hint ?? 'Fit'}
        onChoose={previewSize => setPreference({ previewSize })}
      />
      <IconButton
        label="Reload the preview"
        keys="Ctrl+R"
        icon={<RotateCw size={14} />}
        disabled={!install.hasUi}
        onClick={() => runCommand('preview.reload')}
      />
      <IconButton
        label="Open in the browser"
        keys="Ctrl+Shift+O"
        icon={<Globe size={14} />}
        onClick={() => runCommand('preview.open-in-browser')}
      />
    </>
  );
}
