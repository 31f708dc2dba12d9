export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
export type { BucketSize } from './token-bucket.ts';
