import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { PreviewTheme } from '../../../contract/index.ts';

export type ThemeChoice = 'system' | PreviewTheme;
export const CENTRE_TABS = ['preview', 'manifest', 'state', 'request'] as const;
export type CentreTab = (typeof CENTRE_TABS)[number];
export const PANEL_TABS = ['traffic', 'problems', 'logs', 'build'] as const;
export type PanelTab = (typeof PANEL_TABS)[number];
export type SidebarView = 'explorer' | 'session';
export type PanelName = 'sidebar' | 'panel' | 'inspector';
export type BodyMode = 'tree' | 'text' | 'hex';
export type InspectorTab = 'request' | 'response' | 'host-calls' | 'logs';

/** Size of the preview in CSS pixels; `fit` fills the stage. */
export const PREVIEW_SIZES = {
  fit: undefined,
  desktop: { width: 1024, height: 640 },
  tablet: { width: 768, height: 640 },
  phone: { width: 390, height: 700 },
} as const;
export type PreviewSize = keyof typeof PREVIEW_SIZES;

/** What the window remembers from one start to the next. */
interface Preferences {
  readonly theme: ThemeChoice;
  /** The platform page takes the window's theme until another is chosen for it. */
  readonly previewFollowsWindow: boolean;
  readonly centreTab: CentreTab;
  readonly panelTab: PanelTab;
  readonly sidebarView: SidebarView;
  readonly inspectorTab: InspectorTab;
  readonly bodyMode: BodyMode;
  readonly previewSize: PreviewSize;
  /** Sizes in pixels that folded panels had, to unfold to. */
  readonly unfolded: Readonly<Partial<Record<PanelName, number>>>;
}

export const usePreferences = create<Preferences>()(
  persist(
    (): Preferences => ({
      theme: 'system',
      previewFollowsWindow: true,
      centreTab: 'preview',
      panelTab: 'traffic',
      sidebarView: 'explorer',
      inspectorTab: 'response',
      bodyMode: 'tree',
      previewSize: 'fit',
      unfolded: {},
    }),
    { name: 'xwb.preferences', version: 1 },
  ),
);

export function setPreference(change: Partial<Preferences>): void {
  usePreferences.setState(change);
}
