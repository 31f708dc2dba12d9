import styles from './NewProject.module.css';

interface Parts {
  readonly page: boolean;
  readonly rows: boolean;
  readonly handler: boolean;
}

const PARTS: Readonly<Record<string, Parts>> = {
  'ui-handler': { page: true, rows: false, handler: true },
  'react-ui-kit': { page: true, rows: true, handler: true },
  handler: { page: false, rows: false, handler: true },
  ui: { page: true, rows: false, handler: false },
};

/**
 * What a template consists of, drawn: a page, a table in it, a handler, and the call between them. A single part
 * stands in the middle, or at the start when asked.
 */
export function TemplateArt({ id, start = false }: { id: string; start?: boolean }) {
  const { page, rows, handler } = PARTS[id] ?? { page: true, rows: false, handler: true };
  const centred = page !== handler && !start;
  return (
    <svg className={styles['art']} viewBox="0 0 120 64" aria-hidden>
      {page && (
        <g transform={`translate(${centred ? 34 : 8} 8)`}>
          <rect className={styles['artPage']} width="52" height="48" rx="5" />
          <path className={styles['artLine']} d="M0 11h52" />
          <circle className={styles['artDot']} cx="6" cy="5.5" r="1.5" />
          <circle className={styles['artDot']} cx="11" cy="5.5" r="1.5" />
          {rows ? (
            <path className={styles['artLine']} d="M7 20h38M7 28h38M7 36h38M22 16v26" />
          ) : (
            <>
              <path className={styles['artText']} d="M8 20h24M8 26h16" />
              <rect className={styles['artButton']} x="8" y="33" width="18" height="8" rx="3" />
            </>
          )}
        </g>
      )}
      {page && handler && <path className={styles['artCall']} d="M62 32h14m-4-4 4 4-4 4" />}
      {handler && (
        <g transform={`translate(${centred ? 43 : page ? 79 : 8} 15)`}>
          <rect className={styles['artHandler']} width="34" height="34" rx="8" />
          <path
            className={styles['artBraces']}
            d="M13 10c-4 0-3 4-3 7-1 0-2 0 0 0 0 3-1 7 3 7M21 10c4 0 3 4 3 7 1 0 2 0 0 0 0 3 1 7-3 7"
          />
        </g>
      )}
    </svg>
  );
}
