import { parseArgs } from 'node:util';

/** What the application takes from its command line and environment. */
export interface LaunchOptions {
  /** `--data-dir D`; the environment and the platform's usual place are the services' matter. */
  readonly dataDir?: string;
  /** No graphics processor to rely on (`CI` or `XWB_NO_GPU` set). */
  readonly softwareRendering: boolean;
}

/**
 * Reads `--data-dir D` and the environment. Flags of Chromium and Electron that share the command line are
 * passed over.
 */
export function parseCommandLine(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): LaunchOptions {
  const { values } = parseArgs({
    args: argv.slice(1),
    strict: false,
    options: { 'data-dir': { type: 'string' } },
  });
  const asked = values['data-dir'];
  return {
    ...(typeof asked === 'string' && asked !== '' && { dataDir: asked }),
    softwareRendering: isSet(env['CI']) || isSet(env['XWB_NO_GPU']),
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}
