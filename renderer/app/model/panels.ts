import { createRef, type RefObject } from 'react';
import type { PanelImperativeHandle } from 'react-resizable-panels';
import { create } from 'zustand';
import { setPreference, usePreferences, type PanelName } from './preferences.ts';

/** Handles of the panels that fold, for commands that are not part of the tree. */
export const panelRefs: Readonly<Record<PanelName, RefObject<PanelImperativeHandle | null>>> = {
  sidebar: createRef(),
  panel: createRef(),
  inspector: createRef(),
};

/** Which panels are folded, as their sizes say. */
export const useFolded = create<Readonly<Record<PanelName, boolean>>>()(() => ({
  sidebar: false,
  panel: false,
  inspector: false,
}));

/** Size of each panel while it was last unfolded, in pixels. */
const sizes = new Map<PanelName, number>();

/** Unfolds a panel to the size it had, also after a restart. */
export function showPanel(name: PanelName): void {
  const panel = panelRefs[name].current;
  if (!panel?.isCollapsed()) return;
  panel.expand();
  const size = usePreferences.getState().unfolded[name];
  if (size !== undefined) panel.resize(size);
}

export function togglePanel(name: PanelName): void {
  const panel = panelRefs[name].current;
  if (panel?.isCollapsed()) showPanel(name);
  else panel?.collapse();
}

export function notePanelSize(name: PanelName, pixels: number): void {
  const folded = pixels < 1;
  if (!folded) sizes.set(name, pixels);
  if (name === 'sidebar' && !folded && !narrow.matches) wideSidebar = pixels;
  if (useFolded.getState()[name] === folded) return;
  useFolded.setState({ [name]: folded });
  const size = sizes.get(name);
  if (folded && size !== undefined) {
    setPreference({ unfolded: { ...usePreferences.getState().unfolded, [name]: size } });
  }
}

/** Below this width the preview has no room beside an open inspector. */
const narrow = window.matchMedia('(max-width: 999px)');
/** Of the side bar, which a shrinking window squeezes before the inspector is folded. */
let wideSidebar: number | undefined;

/** Folds the inspector while the window is narrow and unfolds it again after; the answer ends that. */
export function connectNarrowWindow(): () => void {
  let foldedHere = false;
  const follow = (): void => {
    const inspector = panelRefs.inspector.current;
    if (narrow.matches && inspector?.isCollapsed() === false) {
      inspector.collapse();
      foldedHere = true;
    } else if (!narrow.matches && foldedHere) {
      foldedHere = false;
      showPanel('inspector');
    }
    const sidebar = panelRefs.sidebar.current;
    if (wideSidebar !== undefined && sidebar?.isCollapsed() === false) sidebar.resize(wideSidebar);
  };
  follow();
  narrow.addEventListener('change', follow);
  return () => narrow.removeEventListener('change', follow);
}
