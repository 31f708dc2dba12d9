/** Parts of the window that F6 goes round, by the `data-region` of their element. */
const REGIONS = ['toolbar', 'sidebar', 'main', 'panel', 'inspector', 'status'] as const;
export type Region = (typeof REGIONS)[number];

const FOCUSABLE = 'button:not(:disabled), [href], input:not(:disabled), textarea, select, [tabindex="0"]';

/** Moves the focus into the next (or previous) part of the window that can take it. */
export function focusNextRegion(step: 1 | -1): void {
  const current = document.activeElement?.closest<HTMLElement>('[data-region]')?.dataset['region'];
  const start = REGIONS.findIndex(region => region === current);
  for (let turn = 1; turn <= REGIONS.length; turn += 1) {
    const index = (start + step * turn + REGIONS.length * 2) % REGIONS.length;
    const region = REGIONS[index];
    if (region !== undefined && focusRegion(region)) return;
  }
}

/** Focuses the first control of a part of the window that shows; false when there is none. */
export function focusRegion(region: Region): boolean {
  const element = document.querySelector<HTMLElement>(`[data-region="${region}"]`);
  if (!element || element.offsetWidth === 0 || element.offsetHeight === 0) return false;
  const preferred = element.querySelector<HTMLElement>('[data-region-start]');
  const controls = [...element.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const target =
    preferred ?? controls.find(control => control.tabIndex >= 0 && control.offsetParent !== null);
  target?.focus();
  return target !== undefined;
}
