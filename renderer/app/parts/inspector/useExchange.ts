import { useEffect, useState } from 'react';
import type { Exchange, ExchangeSummary } from '../../../../contract/index.ts';
import { call } from '../../model/bridge.ts';
import { reportFailure } from '../../model/toasts.ts';

interface Loaded {
  readonly hop: ExchangeSummary;
  /** Undefined when main no longer keeps it. */
  readonly exchange: Exchange | undefined;
}

/**
 * Everything recorded of a hop; asked for again when the hop ends. Until the answer is here the last one of the
 * same hop stays, so nothing flickers.
 */
export function useExchange(hop: ExchangeSummary | undefined): Exchange | undefined {
  const loaded = useLoaded(hop);
  return hop !== undefined && loaded?.hop.id === hop.id ? loaded.exchange : undefined;
}

/** What was loaded last for the hops given here: until the answer for a new one is there, that of the one before. */
export function useLoaded(hop: ExchangeSummary | undefined): Loaded | undefined {
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    if (!hop) return undefined;
    let wanted = true;
    call('traffic.get', { id: hop.id }).then(
      exchange => {
        if (wanted) setLoaded({ hop, exchange });
      },
      (error: unknown) => {
        if (!wanted) return;
        setLoaded({ hop, exchange: undefined });
        reportFailure(error);
      },
    );
    return () => {
      wanted = false;
    };
  }, [hop]);
  return loaded;
}
