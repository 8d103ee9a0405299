import type { Platform } from '../../sources/source.ts';
import { asHandle, handleOfSegment, isAddress, parseAddress } from '../platform-address.ts';

/**
 * The handle in what a person typed or pasted: `@name`, a bare name, or the profile's URL, in any letter case.
 * null when it is not a handle of this platform; also for a post's URL and the other platform's (contract v2 §5.1).
 */
export function parseHandle(platform: Platform, text: string): string | null {
  const trimmed = text.trim();
  if (!isAddress(trimmed)) return asHandle(platform, trimmed.replace(/^@/, ''));
  const address = parseAddress(trimmed);
  const [name, ...rest] = address.segments;
  if (address.platform !== platform || name === undefined || rest.length > 0) return null;
  return handleOfSegment(platform, name);
}
