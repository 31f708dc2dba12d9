import { member } from './envelope.ts';

const MIN_HEIGHT = 100;
const MAX_HEIGHT = 4000;

/**
 * The height that a `resize` sets, in pixels: any value a number can be made of, floored and held between 100 and
 * 4000; undefined when it is not finite (spec ui-bridge 3.5). `null`, booleans and one-element lists count.
 */
export function resizeHeight(payload: unknown): number | undefined {
  const height = Number(member(payload, 'height'));
  if (!Number.isFinite(height)) return undefined;
  return Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, Math.floor(height)));
}
