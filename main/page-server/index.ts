export { DECIDING, hasPageServer } from './own-vite.ts';
export { startPageServer, type PageServer, type PageServerOptions } from './page-server.ts';
