import { Copy } from 'lucide-react';
import { ToggleGroup } from 'radix-ui';
import { useMemo } from 'react';
import type { RecordedBody } from '../../../../contract/index.ts';
import { asCutText, asText, byteSize, fromBase64 } from '../../lib/bytes.ts';
import { parseJson, type Json } from '../../lib/json.ts';
import { setPreference, usePreferences, type BodyMode } from '../../model/preferences.ts';
import { copyText } from '../../model/toasts.ts';
import { IconButton } from '../../ui/Button.tsx';
import styles from './Body.module.css';
import { HexView } from './HexView.tsx';
import { JsonTree } from './JsonTree.tsx';

interface Decoded {
  readonly bytes: Uint8Array;
  readonly text: string | undefined;
  readonly json: Json | undefined;
}

const TITLES: Readonly<Record<BodyMode, string>> = { tree: 'JSON', text: 'Text', hex: 'Hex' };

/** A recorded body as a JSON tree, as text or as bytes: the chosen way when it fits, else the next that does. */
export function BodyView({ body, label }: { body: RecordedBody | undefined; label: string }) {
  const preferred = usePreferences(preferences => preferences.bodyMode);
  const decoded = useMemo(() => body && decode(body), [body]);
  if (!body || !decoded || body.bytes === 0) return <p className={styles['none']}>No body.</p>;
  const fits: Readonly<Record<BodyMode, boolean>> = {
    tree: decoded.json !== undefined,
    text: decoded.text !== undefined,
    hex: true,
  };
  const mode = fits[preferred] ? preferred : fits.text ? 'text' : 'hex';
  return (
    <section className={styles['view']} aria-label={`${label} body`}>
      <header className={styles['bar']}>
        <ToggleGroup.Root
          type="single"
          value={mode}
          className={styles['modes']}
          aria-label="Show the body as"
          onValueChange={next => {
            if (next === 'tree' || next === 'text' || next === 'hex') setPreference({ bodyMode: next });
          }}
        >
          {(['tree', 'text', 'hex'] as const).map(each => (
            <ToggleGroup.Item key={each} value={each} disabled={!fits[each]} className={styles['mode']}>
              {TITLES[each]}
            </ToggleGroup.Item>
          ))}
        </ToggleGroup.Root>
        <span className={styles['size']} title={body.contentType}>
          {body.truncated ? `first ${byteSize(decoded.bytes.length)} of ` : ''}
          {byteSize(body.bytes)}
        </span>
        <IconButton
          label="Copy the body"
          icon={<Copy size={13} />}
          onClick={() =>
            copyText(decoded.text ?? body.base64, decoded.text === undefined ? 'Base64' : 'Body')
          }
        />
      </header>
      <div className={styles['content']}>
        {mode === 'tree' && decoded.json !== undefined && <JsonTree value={decoded.json} />}
        {mode === 'text' && <pre className={styles['text']}>{decoded.text}</pre>}
        {mode === 'hex' && <HexView bytes={decoded.bytes} />}
      </div>
    </section>
  );
}

function decode(body: RecordedBody): Decoded {
  const bytes = fromBase64(body.base64);
  const text = body.truncated ? asCutText(bytes) : asText(bytes);
  return { bytes, text, json: text === undefined ? undefined : parseJson(text) };
}
