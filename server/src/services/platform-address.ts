import type { Platform } from '../sources/source.ts';

// A Map: an object would know `constructor` and `__proto__`, which are handles.
const hosts = new Map<string, Platform>([
  ['instagram.com', 'instagram'],
  ['tiktok.com', 'tiktok'],
]);
const handlePatterns: Record<Platform, RegExp> = {
  instagram: /^[a-z0-9._]{1,30}$/,
  tiktok: /^[a-z0-9._]{1,23}[a-z0-9_]$/,
};
// The first segment of addresses on instagram.com that are no profiles.
const reservedSegments = new Set(
  (
    'p tv reel reels stories explore accounts direct share s challenge about developer legal web api graphql oauth ' +
    'static'
  ).split(' '),
);
const schemePattern = /^https?:\/\//i;
const subdomainPattern = /^(www|m)\./;

/** What an address names, without query and fragment. */
export interface PlatformAddress {
  /** null on any other host. */
  platform: Platform | null;
  host: string;
  /** The parts of its path, in their own letter case. */
  segments: string[];
}

/** An address as people paste it: scheme, `www.` or `m.` and a slash at the end are optional. */
export function parseAddress(text: string): PlatformAddress {
  const [address = ''] = text.replace(schemePattern, '').split(/[?#]/);
  const [first = '', ...segments] = address.split('/');
  const host = first.toLowerCase();
  return {
    platform: hosts.get(host.replace(subdomainPattern, '')) ?? null,
    host,
    segments: segments.filter((segment) => segment !== ''),
  };
}

/** Whether the text is an address, not a name: a bare host would pass for a name with a dot. */
export const isAddress = (text: string): boolean => text.includes('/') || parseAddress(text).platform !== null;

/** The name as a handle, in lower case; null when the platform has no such handles. */
export function asHandle(platform: Platform, name: string): string | null {
  const handle = name.toLowerCase();
  return handlePatterns[platform].test(handle) ? handle : null;
}

/** The profile that the first segment of an address names; null when it names none. */
export function handleOfSegment(platform: Platform, segment: string): string | null {
  if (platform === 'tiktok') return segment.startsWith('@') ? asHandle(platform, segment.slice(1)) : null;
  const handle = asHandle(platform, segment.replace(/^@/, ''));
  return handle === null || reservedSegments.has(segment.toLowerCase()) ? null : handle;
}
