import type { ErrorText } from './catalogue.ts';

/** Codes of `main/store`, `main/registry` and `main/capabilities`. */
export const REGISTRY_ERRORS = {
  'store.unavailable': {
    message: 'The workbench database could not be opened.',
    next: 'Check that the data folder may be written and that the disk is not full.',
  },
  'store.newer-version': {
    message: 'The workbench database was written by a newer version of the workbench.',
    next: 'Update the workbench, or start it with another data folder.',
  },
  'store.migration-failed': {
    message: 'The workbench database could not be brought up to date; it is unchanged.',
    next: 'Report it with the details; until then start the workbench with another data folder.',
  },
  'registry.not-installed': {
    message: 'That extension is not installed for the local tenant.',
    next: 'Build it; a build installs itself.',
  },
  'registry.no-manifest': {
    message: 'The bundle holds no manifest.json, so it cannot be installed.',
    next: 'Pack it again from the folder that holds manifest.json.',
  },
  'registry.unknown-user': {
    message: 'The local tenant has no such user.',
    next: 'Choose one from the list.',
  },
  'capabilities.bad-call': {
    message: 'A host call came with a name or arguments that the component world does not have.',
    next: 'Rebuild the native runner (npm start does it); if it happens again, report it with the details.',
  },
  'capabilities.bad-ui-proxy-base': {
    message: 'The address of the platform that ui-proxy calls is not an http or https URL.',
    next: 'Give the address in full, as in https://psa.example.com, or leave it out.',
  },
} as const satisfies Record<string, ErrorText>;
