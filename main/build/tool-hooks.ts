import { registerHooks } from 'node:module';

/**
 * componentize-js 0.23.0 imports two packages that an installation may lack: `preview2-shim`, which it does not
 * declare but jco brings, and `weval` with a native addon that npm leaves out under Node 20; weval serves ahead of
 * time compilation only, which is not used here.
 */
const SHIM = '@bytecodealliance/preview2-shim';
const WEVAL = '@bytecodealliance/weval';

/** Lets this process import componentize-js. To be called before it does. */
export function makeToolImportable(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === WEVAL)
        return { url: 'data:text/javascript,export default undefined', shortCircuit: true };
      if (!specifier.startsWith(`${SHIM}/`)) return next(specifier, context);
      return next(specifier, { ...context, parentURL: next('@bytecodealliance/jco', context).url });
    },
  });
}
