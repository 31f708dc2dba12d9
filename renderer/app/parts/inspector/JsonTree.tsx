import { ChevronRight } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';
import { summarize, type Json } from '../../lib/json.ts';
import { rovingKeys } from '../../ui/roving.ts';
import styles from './Body.module.css';

/** Members shown of one object or array before the rest is asked for. */
const CHUNK = 100;
/** Deeper nodes start folded, and so do long ones below the top. */
const OPEN_DEPTH = 3;
const OPEN_SIZE = 30;

/** JSON as a tree that folds. Arrow keys walk it: right opens, left closes. */
export function JsonTree({ value }: { value: Json }) {
  return (
    <ul className={styles['tree']} role="tree" aria-label="JSON" onKeyDown={treeKeys}>
      <Node value={value} depth={0} />
    </ul>
  );
}

function treeKeys(event: KeyboardEvent<HTMLElement>): void {
  rovingKeys(event);
  const item = event.target instanceof HTMLElement ? event.target : undefined;
  const open = item?.getAttribute('aria-expanded');
  if ((event.key === 'ArrowRight' && open === 'false') || (event.key === 'ArrowLeft' && open === 'true')) {
    event.preventDefault();
    item?.click();
  }
}

interface NodeProps {
  readonly name?: string | number;
  readonly value: Json;
  readonly depth: number;
}

function Node({ name, value, depth }: NodeProps) {
  const entries = entriesOf(value);
  if (!entries || entries.length === 0) return <Leaf name={name} value={value} depth={depth} />;
  return <Branch name={name} value={value} depth={depth} entries={entries} />;
}

type Entries = readonly (readonly [name: string | number, value: Json])[];

function Branch(props: { name: NodeProps['name']; value: Json; depth: number; entries: Entries }) {
  const { name, value, depth, entries } = props;
  const [open, setOpen] = useState(depth === 0 || (depth < OPEN_DEPTH && entries.length <= OPEN_SIZE));
  const [shown, setShown] = useState(CHUNK);
  const [left, right] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return (
    <li role="none">
      <button
        type="button"
        role="treeitem"
        data-item
        aria-expanded={open}
        aria-level={depth + 1}
        className={styles['line']}
        style={{ paddingLeft: depth * 14 + 4 }}
        onClick={() => setOpen(!open)}
      >
        <ChevronRight size={12} className={styles['chevron']} aria-hidden />
        <Name name={name} />
        {left}
        {!open && (
          <>
            <span className={styles['summary']}>{summarize(value)}</span>
            {right}
          </>
        )}
      </button>
      {open && (
        <ul role="group">
          {entries.slice(0, shown).map(([key, member]) => (
            <Node key={key} name={key} value={member} depth={depth + 1} />
          ))}
          {entries.length > shown && (
            <li role="none">
              <button
                type="button"
                data-item
                className={styles['more']}
                style={{ paddingLeft: depth * 14 + 36 }}
                onClick={() => setShown(shown + CHUNK)}
              >
                {entries.length - shown} more…
              </button>
            </li>
          )}
          <li role="none" className={styles['line']} style={{ paddingLeft: depth * 14 + 20 }} aria-hidden>
            {right}
          </li>
        </ul>
      )}
    </li>
  );
}

function Leaf({ name, value, depth }: { name: NodeProps['name']; value: Json; depth: number }) {
  return (
    <li
      role="treeitem"
      aria-level={depth + 1}
      className={styles['line']}
      style={{ paddingLeft: depth * 14 + 20 }}
      data-selectable
    >
      <Name name={name} />
      <span className={styles[kindOf(value)]}>{JSON.stringify(value)}</span>
    </li>
  );
}

function Name({ name }: { name: NodeProps['name'] }) {
  if (name === undefined) return null;
  return (
    <>
      <span className={typeof name === 'number' ? styles['index'] : styles['key']}>{name}</span>
      <span className={styles['colon']}>: </span>
    </>
  );
}

function entriesOf(value: Json): Entries | undefined {
  if (Array.isArray(value)) return value.map((member, index) => [index, member] as const);
  if (typeof value === 'object' && value !== null) return Object.entries(value);
  return undefined;
}

function kindOf(value: Json): 'string' | 'number' | 'word' {
  if (typeof value === 'string') return 'string';
  return typeof value === 'number' ? 'number' : 'word';
}
