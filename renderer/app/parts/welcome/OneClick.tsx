import type { HopKind } from '../../../../contract/index.ts';
import { kindColor } from '../../lib/kinds.ts';
import { KindIcon } from '../../ui/KindIcon.tsx';
import styles from './Welcome.module.css';

interface Step {
  readonly kind: HopKind;
  readonly title: string;
  readonly what: string;
  /** Place in the picture's time line, in percent. */
  readonly from: number;
  readonly width: number;
}

const STEPS: readonly Step[] = [
  { kind: 'message', title: 'Your button posts a message', what: 'iframe → host', from: 0, width: 100 },
  {
    kind: 'gateway',
    title: 'The platform’s page calls the gateway',
    what: 'host → gateway',
    from: 9,
    width: 82,
  },
  { kind: 'handler', title: 'Your handler runs in Wasmtime', what: 'gateway → handler', from: 24, width: 54 },
  {
    kind: 'host-call',
    title: 'It asks the host: storage, user, http',
    what: 'handler → host',
    from: 38,
    width: 20,
  },
  { kind: 'log', title: 'It logs a line', what: 'handler', from: 66, width: 3 },
];

/** The way of one click, as the traffic panel will show it. */
export function OneClick() {
  return (
    <figure className={styles['figure']}>
      <figcaption>One click, as you will see it</figcaption>
      <ol>
        {STEPS.map((step, depth) => (
          <li key={step.kind}>
            <span className={styles['step']} style={{ paddingLeft: Math.min(depth, 3) * 12 }}>
              <KindIcon kind={step.kind} /> {step.title}
            </span>
            <span className={styles['way']}>{step.what}</span>
            <span className={styles['fall']} aria-hidden>
              <span
                style={{ left: `${step.from}%`, width: `${step.width}%`, background: kindColor(step.kind) }}
              />
            </span>
          </li>
        ))}
      </ol>
    </figure>
  );
}
