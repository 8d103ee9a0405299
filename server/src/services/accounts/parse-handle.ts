import type { Platform } from '../../sources/source.ts';

const hosts: Record<Platform, string> = { instagram: 'instagram.com', tiktok: 'tiktok.com' };
const allHosts = new Set(Object.values(hosts));
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

/**
 * The handle in what a person typed or pasted: `@name`, a bare name, or the profile's URL, in any letter case.
 * null when it is not a handle of this platform; also for a post's URL and the other platform's (contract v2 §5.1).
 */
export function parseHandle(platform: Platform, text: string): string | null {
  const trimmed = text.trim().toLowerCase();
  const handle = (isAddress(trimmed) ? handleOfUrl(platform, trimmed) : trimmed)?.replace(/^@/, '');
  return handle !== undefined && handlePatterns[platform].test(handle) ? handle : null;
}

/** A bare host would pass for a name with a dot. */
const isAddress = (text: string): boolean => text.includes('/') || allHosts.has(text.replace(subdomainPattern, ''));

function handleOfUrl(platform: Platform, text: string): string | null {
  const [address = ''] = text.replace(schemePattern, '').split(/[?#]/);
  const [host = '', name = '', ...rest] = address.split('/');
  if (host.replace(subdomainPattern, '') !== hosts[platform]) return null;
  if (rest.some((segment) => segment !== '')) return null;
  if (platform === 'tiktok') return name.startsWith('@') ? name : null;
  return reservedSegments.has(name) ? null : name;
}
