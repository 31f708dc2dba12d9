import type { Migration } from '../migrate.ts';
import { initial } from './0001-initial.ts';
import { platformData } from './0002-platform-data.ts';

/** Every step of the schema, oldest first. */
export const MIGRATIONS: readonly Migration[] = [initial, platformData];
