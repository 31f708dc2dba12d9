import { Cpu, MessagesSquare, Plug, ScrollText, Waypoints, type LucideIcon } from 'lucide-react';
import type { HopKind } from '../../../contract/index.ts';
import { kindColor } from '../lib/kinds.ts';

const ICONS: Readonly<Record<HopKind, LucideIcon>> = {
  message: MessagesSquare,
  gateway: Waypoints,
  handler: Cpu,
  'host-call': Plug,
  log: ScrollText,
};

/** The sign of a kind of hop, in its colour. */
export function KindIcon({ kind }: { kind: HopKind }) {
  const Icon = ICONS[kind];
  return <Icon size={13} color={kindColor(kind)} aria-hidden />;
}
