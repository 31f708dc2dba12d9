export { openSecretBox, type KeySource, type SecretBox } from './secret-box.ts';
