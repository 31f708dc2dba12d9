import type { ErrorText } from './catalogue.ts';

/** Codes of `main/bundle`. */
export const BUNDLE_ERRORS = {
  'bundle.unreadable': {
    message: 'The bundle could not be read.',
    next: 'Check that the file exists and is a .tar.zst bundle.',
  },
  'bundle.missing-manifest': {
    message: 'There is no manifest.json to pack.',
    next: 'Choose the folder that holds manifest.json.',
  },
  'bundle.missing-component': {
    message: 'The manifest declares endpoints, but there is no built component.',
    next: 'Build the extension before packing it.',
  },
  'bundle.unsupported-file': {
    message: 'A file that is to be packed is neither a regular file nor a folder.',
    next: 'Replace links and special files by copies of what they stand for.',
  },
  'bundle.source-changed': {
    message: 'A file changed while it was being packed.',
    next: 'Pack again when nothing writes to the project.',
  },
  'bundle.write-failed': {
    message: 'The bundle, or what was unpacked from it, could not be written.',
    next: 'Check that the folder may be written and that the disk is not full.',
  },
  'bundle.bad-entry': {
    message: 'An entry of the bundle has a path or a kind that is refused.',
    next: 'Pack the bundle again from plain files and folders.',
  },
  'bundle.duplicate-entry': {
    message: 'The bundle holds two entries of the same path.',
    next: 'Pack the bundle again; each path may occur once.',
  },
  'bundle.too-large': {
    message: 'The bundle is larger than what is accepted.',
    next: 'Make it smaller: leave out what is not needed at runtime.',
  },
  'bundle.corrupt': {
    message: 'The bundle is damaged or is not a tar archive compressed with zstd.',
    next: 'Get the file again, or pack it again.',
  },
  'bundle.hash-mismatch': {
    message: 'The bundle is not the one that was expected: its content hash differs.',
    next: 'Get the file again from a source you trust.',
  },
} as const satisfies Record<string, ErrorText>;
