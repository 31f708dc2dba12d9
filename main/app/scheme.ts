import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import { assetHeaders, NONCE_MARK, resolveAsset } from './assets.ts';

/** Declares `xwb://` a standard, secure scheme; must run before the application is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'xwb', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built window (`rendererDir`) at `xwb://app/…` with a strict policy; anything else is 404. */
export function serveScheme(session: Session, rendererDir: string): void {
  session.protocol.handle('xwb', async request => {
    const asset = request.method === 'GET' ? resolveAsset(rendererDir, request.url) : undefined;
    if (!asset) return notFound();
    let bytes: Buffer;
    try {
      bytes = await readFile(asset.file);
    } catch {
      return notFound();
    }
    const nonce = randomBytes(16).toString('base64');
    const isPage = asset.contentType.startsWith('text/html');
    const body = isPage ? bytes.toString('utf8').replaceAll(NONCE_MARK, nonce) : new Uint8Array(bytes);
    return new Response(body, { headers: assetHeaders(asset.contentType, nonce) });
  });
}

function notFound(): Response {
  return new Response('Not found', { status: 404, headers: assetHeaders('text/plain', 'none') });
}
