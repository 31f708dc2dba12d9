/** The note on answers of interfaces whose server side is the platform's own (spec 9.0: no base or token configured). */
export const NO_PLATFORM =
  'There is no platform behind the workbench; the runner answers as when none is configured.';
