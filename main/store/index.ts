export { durably } from './durably.ts';
export { openStore, type Store } from './open-store.ts';
