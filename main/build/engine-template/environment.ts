import type { Spliced } from './recorder.ts';

/**
 * The environment in which the engine of componentize-js 0.23.0 is initialised: it tells the bindings' exports and
 * imports by number.
 */
export function initialEnvironment(
  { exports, imports }: Pick<Spliced, 'exports' | 'imports'>,
  withClocks: boolean,
): Record<string, string> {
  const environment: Record<string, string> = {
    DEBUG: '',
    SOURCE_NAME: 'source.js',
    FEATURE_CLOCKS: withClocks ? '1' : '',
    EXPORT_CNT: String(exports.length),
    IMPORT_CNT: String(imports.length),
  };
  for (const [index, [name, { params, ret, retptr, retsize, paramptr }]] of exports.entries()) {
    environment[`EXPORT${index}_NAME`] = name;
    environment[`EXPORT${index}_ARGS`] = `${paramptr ? '*' : ''}${params.join(',')}`;
    environment[`EXPORT${index}_RET`] = `${retptr ? '*' : ''}${ret ?? ''}`;
    environment[`EXPORT${index}_RETSIZE`] = String(retsize);
  }
  for (const [index, [, name, parameters]] of imports.entries()) {
    environment[`IMPORT${index}_NAME`] = name;
    environment[`IMPORT${index}_ARGCNT`] = String(parameters);
  }
  return environment;
}
