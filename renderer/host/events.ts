import type { HostPageState } from '../../contract/index.ts';

const RETRY_MS = 2000;

/**
 * Keeps the page in step with the gateway (`/_xwb/events`). A hidden page lets its connection go, for a browser
 * keeps few to one host, and gets the whole state again when it is looked at.
 */
export function followGateway(
  onState: (state: HostPageState) => void,
  onOnline: (online: boolean) => void,
): void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const open = (): void => {
    source = new EventSource('/_xwb/events');
    source.addEventListener('open', () => onOnline(true));
    source.addEventListener('error', () => {
      onOnline(false);
      // A refusal ends the browser's own attempts; a lost connection does not.
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(follow, RETRY_MS);
    });
    // The gateway and this page are one build; its own state needs no second check here.
    source.addEventListener('state', event => onState(JSON.parse(String(event.data)) as HostPageState));
  };
  const follow = (): void => {
    clearTimeout(retry);
    source?.close();
    if (document.visibilityState === 'visible') open();
  };
  document.addEventListener('visibilitychange', follow);
  open();
}
