import { createHash, createHmac } from 'node:crypto';

/** Who asks an object store, in its own terms (spec 4.10). */
export interface StoreCredentials {
  /** `S3_ACCESS_KEY`, else `MINIO_ACCESS_KEY`. */
  readonly accessKey: string;
  /** `S3_SECRET_KEY`, else `MINIO_SECRET_KEY`. */
  readonly secretKey: string;
  /** `S3_REGION`. */
  readonly region: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * The address of a `GET` with an AWS signature, version 4, in its query (spec 4.8): whoever has it may read that one
 * object until it expires. The bucket is the first segment of the path, as the platform has it.
 *
 * @param seconds how long it holds
 */
export function presign(
  address: URL,
  { accessKey, secretKey, region }: StoreCredentials,
  { now, seconds }: { now: Date; seconds: number },
): URL {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const date = time.slice(0, 8);
  const scope = `${date}/${region}/s3/aws4_request`;
  const query = queryOf([
    ['X-Amz-Algorithm', ALGORITHM],
    ['X-Amz-Credential', `${accessKey}/${scope}`],
    ['X-Amz-Date', time],
    ['X-Amz-Expires', String(seconds)],
    ['X-Amz-SignedHeaders', 'host'],
  ]);
  const request = ['GET', address.pathname, query, `host:${address.host}`, '', 'host', 'UNSIGNED-PAYLOAD'];
  const digest = createHash('sha256').update(request.join('\n')).digest('hex');
  const key = [date, region, 's3', 'aws4_request'].reduce<Buffer | string>(
    (previous, part) => hmac(previous, part),
    `AWS4${secretKey}`,
  );
  const signature = hmac(key, [ALGORITHM, time, scope, digest].join('\n')).toString('hex');
  const signed = new URL(address);
  signed.search = `${query}&X-Amz-Signature=${signature}`;
  return signed;
}

/** In the order of names, which is that of the list, and with everything but RFC 3986's unreserved letters encoded. */
function queryOf(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
