import type { Exchange, StackFrame } from '../../../../contract/index.ts';
import { act } from '../../model/toasts.ts';
import { useWorkbench } from '../../model/workbench.ts';
import styles from './Inspector.module.css';

type Fault = NonNullable<Exchange['error']>;

/** What went wrong in a hop; for an exception of the handler, where in the author's own source. */
export function HopError({ error, extension }: { error: Fault; extension: string | undefined }) {
  const { message, code, detail, exception } = error;
  return (
    <div className={styles['fault']} role="alert" data-selectable>
      <b>{message}</b> <code>{code}</code>
      {exception ? (
        <>
          {!message.includes(exception.message) && <p className={styles['thrown']}>{exception.message}</p>}
          <ol className={styles['stack']} aria-label="Stack">
            {exception.stack.map(frame => (
              <Call key={`${frame.file}:${frame.line}:${frame.column}`} frame={frame} extension={extension} />
            ))}
          </ol>
        </>
      ) : (
        detail !== undefined && <pre>{detail}</pre>
      )}
    </div>
  );
}

function Call({ frame, extension }: { frame: StackFrame; extension: string | undefined }) {
  const projectId = useWorkbench(
    ({ state }) => state?.projects.find(project => project.name === extension)?.id,
  );
  const { file, line, column } = frame;
  const place = `${file}:${line}:${column}`;
  return (
    <li>
      <code>{frame.function}</code>{' '}
      {projectId === undefined ? (
        <span>{place}</span>
      ) : (
        <button
          type="button"
          className={styles['place']}
          title={`Open ${file} in the editor`}
          onClick={() => act('project.open-file', { projectId, file, line, column })}
        >
          {place}
        </button>
      )}
    </li>
  );
}
