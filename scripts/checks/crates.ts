import { z } from 'zod';
import { licenceProblems } from './licences.ts';
import { BANNED_CRATES, ONE_CRATE, PINNED_CRATES, SHIPPED_LICENCES } from './policy.ts';
import { severalVersions } from './versions.ts';

/** What `cargo metadata --format-version 1` says of our workspace, as far as it is looked at. */
export const CargoMetadata = z.object({
  packages: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      /** Nothing for the workspace's own. */
      source: z.string().nullable(),
      license: z.string().nullable(),
      dependencies: z.array(z.object({ name: z.string(), req: z.string() })),
    }),
  ),
});
export type CargoMetadata = z.infer<typeof CargoMetadata>;

const CRATES_IO = 'registry+https://github.com/rust-lang/crates.io-index';

/** What is wrong with the crates; `lock` is the text of Cargo.lock. Nothing is asked of any network. */
export function crateProblems({ packages }: CargoMetadata, lock: string): string[] {
  const others = packages.filter(({ source }) => source !== null);
  const sums = new Set(
    [...lock.matchAll(/name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "[0-9a-f]{64}"/g)].map(
      ([, name = '', version = '']) => `${name} ${version}`,
    ),
  );
  return [
    ...others.flatMap(({ name, version, source, license }) => [
      ...(source === CRATES_IO
        ? []
        : [`${name} ${version} comes from ${source ?? ''}. Only crates.io is allowed.`]),
      ...(sums.has(`${name} ${version}`)
        ? []
        : [`${name} ${version} has no checksum in Cargo.lock. Let cargo write the file again.`]),
      ...licenceProblems(`${name} ${version}`, license ?? undefined, SHIPPED_LICENCES),
      ...(BANNED_CRATES[name] === undefined ? [] : [`${name} is banned: ${BANNED_CRATES[name]}.`]),
    ]),
    ...severalVersions(others, ONE_CRATE),
    ...packages.filter(({ source }) => source === null).flatMap(unpinned),
  ];
}

function unpinned({ name, dependencies }: CargoMetadata['packages'][number]): string[] {
  return dependencies
    .filter(dependency => PINNED_CRATES.includes(dependency.name) && !dependency.req.startsWith('='))
    .map(dependency => `${name} asks for ${dependency.name} ${dependency.req}. Pin it: "=x.y.z".`);
}
