import type { WorkbenchBridge } from '../../contract/index.ts';

declare global {
  interface Window {
    readonly workbench: WorkbenchBridge;
  }
}
