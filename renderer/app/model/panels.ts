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
  if (useFolded.getState()[name] === folded) return;
  useFolded.setState({ [name]: folded });
  const size = sizes.get(name);
  if (folded && size !== undefined) {
    setPreference({ unfolded: { ...usePreferences.getState().unfolded, [name]: size } });
  }
}
