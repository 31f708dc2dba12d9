import { extensionHostLabel } from '../hosting/index.ts';
import type { Registry } from '../registry/index.ts';

/** Which install a host below `localhost` stands for. Each file of a page asks, so what was found once is remembered. */
export class ExtensionHosts {
  readonly #registry: Registry;
  readonly #found = new Map<string, string>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Registry id of the install whose own host has this label. */
  registryIdOf(label: string): string | undefined {
    const known = this.#found.get(label);
    if (known !== undefined && this.#registry.resolve(known)) return known;
    const { tenantId } = this.#registry.tenant();
    const install = this.#registry
      .installs()
      .find(({ registryId }) => extensionHostLabel(tenantId, registryId) === label);
    if (install) this.#found.set(label, install.registryId);
    else this.#found.delete(label);
    return install?.registryId;
  }
}
