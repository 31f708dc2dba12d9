import type { Migration } from '../migrate.ts';
import { initial } from './0001-initial.ts';

/** Every step of the schema, oldest first. */
export const MIGRATIONS: readonly Migration[] = [initial];
