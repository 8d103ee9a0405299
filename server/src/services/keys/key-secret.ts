import { createHash, randomBytes } from 'node:crypto';

/** What a client sends. Only its hash is kept: 256 random bits need no salt and no slow hash. */
export function newKeySecret(): string {
  return `tga_${randomBytes(32).toString('hex')}`;
}

export function hashKeySecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The part that lists show, so that people can tell keys apart. */
export function keyPrefix(secret: string): string {
  return secret.slice(0, 12);
}
