import { z } from 'zod';
import { licenceProblems } from './licences.ts';
import {
  DEVELOPMENT_LICENCES,
  INSTALL_SCRIPTS,
  LICENCE_FILES,
  ONE_PACKAGE,
  SHIPPED_LICENCES,
  UNLICENSED,
} from './policy.ts';
import { severalVersions } from './versions.ts';

const Wanted = z.record(z.string(), z.string()).default({});

/** What package.json asks for. */
export const Manifest = z.object({
  dependencies: Wanted,
  devDependencies: Wanted,
  optionalDependencies: Wanted,
});

const Entry = z.object({
  /** Where it differs from the folder's name. */
  name: z.string().optional(),
  version: z.string().optional(),
  license: z.string().optional(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  link: z.boolean().optional(),
  /** Only for building and testing. */
  dev: z.boolean().default(false),
  hasInstallScript: z.boolean().default(false),
});

/** package-lock.json, version 3. */
export const Lock = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), Entry).refine(packages => '' in packages, 'The root is missing.'),
});

interface Package extends z.infer<typeof Entry> {
  readonly name: string;
  readonly version: string;
}

/** What is wrong with the npm packages. Nothing is asked of any network. */
export function packageProblems(lock: z.infer<typeof Lock>, manifest: z.infer<typeof Manifest>): string[] {
  const packages = Object.entries(lock.packages)
    .filter(([place]) => place !== '')
    .map(([place, entry]) => toPackage(place, entry));
  const shipped = packages.filter(({ dev }) => !dev);
  return [
    ...packages.flatMap(entry => [...sourceProblems(entry), ...scriptProblems(entry), ...licence(entry)]),
    ...severalVersions(shipped, ONE_PACKAGE),
    ...unpinned(manifest, lock),
  ];
}

function toPackage(place: string, entry: z.infer<typeof Entry>): Package {
  const name = place.split('node_modules/').at(-1) ?? place;
  return { ...entry, name: entry.name ?? name, version: entry.version ?? 'without a version' };
}

function sourceProblems({ name, version, integrity, resolved, link }: Package): string[] {
  const elsewhere = link === true || (resolved !== undefined && !/^https:\/\/[^/]+\/.+\.tgz$/.test(resolved));
  return [
    ...(elsewhere ? [`${name} ${version} does not come from a package registry. Use a published one.`] : []),
    ...(/^sha512-[\w+/]{86}==$/.test(integrity ?? '')
      ? []
      : [`${name} ${version} has no sha512 in package-lock.json. Let npm write its entry again.`]),
  ];
}

function scriptProblems({ name, version, hasInstallScript }: Package): string[] {
  if (!hasInstallScript || INSTALL_SCRIPTS.has(name)) return [];
  return [
    `${name} ${version} has an install script, and none is run here. See whether it works without, then add it to scripts/checks/policy.ts.`,
  ];
}

function licence({ name, version, license, dev }: Package): string[] {
  if (dev && UNLICENSED.has(name)) return [];
  const allowed = dev ? DEVELOPMENT_LICENCES : SHIPPED_LICENCES;
  return licenceProblems(`${name} ${version}`, license ?? LICENCE_FILES[name], allowed);
}

/** A range lets two machines that make the lock file anew differ. */
function unpinned(manifest: z.infer<typeof Manifest>, lock: z.infer<typeof Lock>): string[] {
  return Object.values(manifest)
    .flatMap(wanted => Object.entries(wanted))
    .flatMap(([name, version]) => {
      const locked = lock.packages[`node_modules/${name}`]?.version;
      if (!/^(npm:.+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        return [`package.json asks for ${name} ${version}. Name one exact version.`];
      if (locked === version.replace(/^npm:.+@/, '')) return [];
      return [
        `package.json asks for ${name} ${version}, package-lock.json has ${locked ?? 'none'}. Run npm install.`,
      ];
    });
}
