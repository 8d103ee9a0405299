import type { FieldError } from '../../contract/problem.ts';
import { pkFromShortcode, shortcodeFromPk } from '../../sources/instagram-ids.ts';
import type { Platform } from '../../sources/source.ts';
import { handleOfSegment, parseAddress, type PlatformAddress } from '../platform-address.ts';

/** A post as a person named it. */
export interface PostIdentity {
  /** The platform's id, decimal text. */
  externalId: string;
  /** Instagram's; null on TikTok. */
  shortcode: string | null;
  /** As the address names the author, in lower case: a hint, since platforms ignore that part of an address. */
  authorUsername: string | null;
}

export type ParsedIdentifier = { post: PostIdentity } | { error: FieldError };

const messages = {
  instagram: 'must be the URL, shortcode or id of an Instagram post',
  tiktok: 'must be the URL or id of a TikTok video',
  redirect: 'is a link that redirects; open it and send the URL that it leads to',
} as const;

/** The post in a full URL, a shortcode or an id (contract v2 §5.2). */
export function parseIdentifier(platform: Platform, text: string): ParsedIdentifier {
  const trimmed = text.trim();
  const address = parseAddress(trimmed);
  const post = platform === 'instagram' ? instagramPost(trimmed, address) : tiktokPost(trimmed, address);
  if (post !== null) return { post };
  const message = isRedirect(address) ? messages.redirect : messages[platform];
  return { error: { field: 'identifier', message } };
}

// Before the shortcodes: 15 digits and more are an id, though they would pass for a code. As Instagram's programming
// interfaces write ids, that of the owner may follow.
const instagramIdPattern = /^(?:instagram:\/\/media\?id=)?(\d{15,})(?:_\d+)?$/;
const shortcodePattern = /^[\w-]{5,20}$/;
// In the address of a private profile's post 28 characters of access token follow the code.
const addressCodePattern = /^[\w-]{5,20}(?:[\w-]{28})?$/;
const instagramKinds = new Set(['p', 'reel', 'reels', 'tv']);

function instagramPost(text: string, address: PlatformAddress): PostIdentity | null {
  const id = instagramIdPattern.exec(text)?.[1];
  if (id !== undefined) return instagramIdentity(withoutZeros(id), null);
  if (shortcodePattern.test(text)) return instagramIdentity(pkFromShortcode(text), null);
  if (address.platform !== 'instagram') return null;
  const [first = '', ...rest] = address.segments;
  const isKind = instagramKinds.has(first);
  const author = isKind ? null : handleOfSegment('instagram', first);
  const [kind = '', code = ''] = isKind ? address.segments : rest;
  if (!isKind && author === null) return null;
  // `/reels/audio/…` is the page of a sound.
  if (!instagramKinds.has(kind) || code === 'audio' || !addressCodePattern.test(code)) return null;
  return instagramIdentity(pkFromShortcode(code), author);
}

function instagramIdentity(pk: string | null, authorUsername: string | null): PostIdentity | null {
  return pk === null ? null : { externalId: pk, shortcode: shortcodeFromPk(pk), authorUsername };
}

const tiktokIdPattern = /^\d{15,20}$/;
const tiktokPathPattern =
  /^(?:@([^/]*)\/(?:video|photo)|v|share\/video|embed(?:\/v2)?|player\/v1)\/(\d{15,20})(?:\.html)?(?:\/|$)/;

function tiktokPost(text: string, address: PlatformAddress): PostIdentity | null {
  if (tiktokIdPattern.test(text)) return tiktokIdentity(text, null);
  if (address.platform !== 'tiktok') return null;
  const found = tiktokPathPattern.exec(address.segments.join('/'));
  return found === null ? null : tiktokIdentity(found[2] ?? '', authorOnTiktok(found[1] ?? ''));
}

function tiktokIdentity(id: string, authorUsername: string | null): PostIdentity | null {
  const externalId = withoutZeros(id);
  return externalId === null ? null : { externalId, shortcode: null, authorUsername };
}

/** Addresses work with `_` or the author's numeric id in the place of the handle, too. */
const authorOnTiktok = (name: string): string | null =>
  tiktokIdPattern.test(name) ? null : handleOfSegment('tiktok', `@${name}`);

/** One spelling per number, so that a post is known again; null for 0. */
const withoutZeros = (digits: string): string | null => {
  const value = BigInt(digits);
  return value === 0n ? null : String(value);
};

const redirectHosts = new Set(['vm.tiktok.com', 'vt.tiktok.com', 'instagr.am', 'www.instagr.am']);

const isRedirect = ({ platform, host, segments }: PlatformAddress): boolean =>
  redirectHosts.has(host) ||
  (platform === 'tiktok' && segments[0] === 't') ||
  (platform === 'instagram' && segments[0] === 'share');
