import { z } from 'zod';
import { ProjectView, Template } from './project.ts';
import { InstallView, SessionView } from './registry.ts';

/** Theme of the platform page around the extension; it reaches the extension as `theme` messages. */
export const PreviewTheme = z.enum(['light', 'dark', 'high-contrast']);
export type PreviewTheme = z.infer<typeof PreviewTheme>;

/** `faithful` does what production does, quirks included; `strict` says what will hurt. */
export const Posture = z.enum(['faithful', 'strict']);
export type Posture = z.infer<typeof Posture>;

/** Everything the window shows, but for traffic; pushed whole whenever any of it changes. */
export const WorkbenchState = z.object({
  templates: z.array(Template),
  projects: z.array(ProjectView),
  selectedProjectId: z.string().optional(),
  installs: z.array(InstallView),
  session: SessionView,
  previewTheme: PreviewTheme,
  posture: Posture,
  gateway: z.object({ url: z.string(), port: z.number().int() }),
  runtime: z.object({
    app: z.string(),
    electron: z.string().optional(),
    node: z.string(),
    wasmtime: z.string(),
  }),
  /** Things about the workbench itself worth a line: a damaged database set aside, a fallback runtime. */
  /** What the workbench still makes ready in the background, in words; absent when all is. */
  preparing: z.string().optional(),
  notices: z.array(z.object({ id: z.string(), severity: z.enum(['info', 'warning']), message: z.string() })),
  /** Where a new project is put unless the user chooses another folder. */
  defaultProjectsFolder: z.string(),
});
export type WorkbenchState = z.infer<typeof WorkbenchState>;
