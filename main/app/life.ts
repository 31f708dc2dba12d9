/** Phases of a run of the application, in order; each leaves a performance mark `xwb:<phase>`. */
const PHASES = ['starting', 'ready', 'restored', 'closing'] as const;
export type Phase = (typeof PHASES)[number];

export interface Life {
  readonly phase: Phase;
  /** Moves on; going back or standing still is ignored, so racing callers need not know of each other. */
  reach(phase: Phase): void;
}

/**
 * `starting`: nothing is shown; `ready`: the window loads while the services start; `restored`: the window shows
 * the user's projects; `closing`: no new work, services are being closed.
 */
export function createLife(): Life {
  let phase: Phase = 'starting';
  performance.mark('xwb:starting');
  return {
    get phase() {
      return phase;
    },
    reach(next) {
      if (PHASES.indexOf(next) <= PHASES.indexOf(phase)) return;
      phase = next;
      performance.mark(`xwb:${next}`);
    },
  };
}
