import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const Rectangle = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
export type Rectangle = z.infer<typeof Rectangle>;

const WindowMemory = z.object({
  bounds: Rectangle.optional(),
  maximized: z.boolean(),
  /** Colour behind the page while it loads, `#rrggbb`. */
  background: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .optional(),
});
export type WindowMemory = z.infer<typeof WindowMemory>;

export const MINIMUM_SIZE = { width: 880, height: 560 } as const;
const FIRST_SIZE = { width: 1440, height: 900 } as const;

/** What was remembered in `file`; a missing or unreadable one is a first start. */
export function readWindowMemory(file: string): WindowMemory {
  try {
    const parsed = WindowMemory.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success) return parsed.data;
  } catch {
    // Nothing of value is lost with a window's place: begin afresh.
  }
  return { maximized: false };
}

/** Writes atomically, at once: it runs while the window closes. */
export function writeWindowMemory(file: string, memory: WindowMemory): void {
  const temporary = `${file}.new`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(temporary, JSON.stringify(memory));
  renameSync(temporary, file);
}

/**
 * Where to open the window: the remembered place when enough of it is on a screen to be grabbed, else centred on
 * the first. Never larger than the screen's work area.
 */
export function placeWindow(remembered: Rectangle | undefined, workAreas: readonly Rectangle[]): Rectangle {
  const first = workAreas[0] ?? { x: 0, y: 0, ...FIRST_SIZE };
  const area = remembered && workAreas.find(candidate => overlap(candidate, remembered) >= 0.25);
  if (remembered && area) {
    const width = Math.min(remembered.width, area.width);
    const height = Math.min(remembered.height, area.height);
    return {
      x: clamp(remembered.x, area.x, area.x + area.width - width),
      y: clamp(remembered.y, area.y, area.y + area.height - height),
      width,
      height,
    };
  }
  const width = Math.min(FIRST_SIZE.width, first.width);
  const height = Math.min(FIRST_SIZE.height, first.height);
  return {
    x: first.x + Math.round((first.width - width) / 2),
    y: first.y + Math.round((first.height - height) / 2),
    width,
    height,
  };
}

/** The part of `inner` that lies in `outer`, 0 to 1. */
function overlap(outer: Rectangle, inner: Rectangle): number {
  const across = Math.min(outer.x + outer.width, inner.x + inner.width) - Math.max(outer.x, inner.x);
  const down = Math.min(outer.y + outer.height, inner.y + inner.height) - Math.max(outer.y, inner.y);
  return across <= 0 || down <= 0 ? 0 : (across * down) / (inner.width * inner.height);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
