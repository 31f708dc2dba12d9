import { create } from 'zustand';
import { rememberFocus } from './focus.ts';

export type DialogName = 'palette' | 'new-project' | 'shortcuts';

export interface RequestDraft {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** What the window shows now; forgotten when it closes. */
interface View {
  readonly dialog: DialogName | undefined;
  /** The template that the dialog opens with. */
  readonly newTemplate: string | undefined;
  readonly selectedHop: number | undefined;
  /** An install chosen in the side bar; absent means the selected project's. */
  readonly chosenInstall: string | undefined;
  readonly draft: RequestDraft;
  /** Grows to load the preview afresh. */
  readonly previewLoads: number;
}

export const useView = create<View>()(() => ({
  dialog: undefined,
  newTemplate: undefined,
  selectedHop: undefined,
  chosenInstall: undefined,
  draft: { method: 'GET', path: '/', body: '' },
  previewLoads: 0,
}));

export function openDialog(dialog: DialogName, newTemplate?: string): void {
  rememberFocus();
  useView.setState({ dialog, newTemplate });
}

export function closeDialog(): void {
  useView.setState({ dialog: undefined });
}

export function selectHop(id: number | undefined): void {
  useView.setState({ selectedHop: id });
}

export function setDraft(draft: RequestDraft): void {
  useView.setState({ draft });
}

export function reloadPreview(): void {
  useView.setState(({ previewLoads }) => ({ previewLoads: previewLoads + 1 }));
}
