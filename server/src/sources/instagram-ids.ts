/** Instagram's post addresses are its media ids written in base 64, most significant digit first. */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const indexOf = new Map(Array.from(alphabet, (character, index) => [character, BigInt(index)]));
/** Posts of private profiles carry this many characters of access token behind the code. */
const privateSuffixLength = 28;

/** The media pk of a shortcode as decimal text, or null when it is not a shortcode. */
export function pkFromShortcode(shortcode: string): string | null {
  const code = shortcode.length > privateSuffixLength ? shortcode.slice(0, -privateSuffixLength) : shortcode;
  let pk = 0n;
  for (const character of code) {
    const index = indexOf.get(character);
    if (index === undefined) return null;
    pk = pk * 64n + index;
  }
  return pk === 0n ? null : String(pk);
}

/** The shortcode of a media pk, or null when it is not a decimal id. */
export function shortcodeFromPk(pk: string): string | null {
  if (!/^[1-9]\d*$/.test(pk)) return null;
  let code = '';
  for (let rest = BigInt(pk); rest > 0n; rest /= 64n) code = alphabet.charAt(Number(rest % 64n)) + code;
  return code;
}

const permalinkPath = /^https?:\/\/(?:www\.|m\.)?instagram\.com\/(?:[\w.]+\/)?(?:p|tv|reels?)\/([\w-]+)/;

/** The shortcode in the address of a post. `/reels/audio/…` is the page of a sound. */
export function shortcodeFromPermalink(permalink: string): string | null {
  const code = permalinkPath.exec(permalink)?.[1];
  return code === undefined || code === 'audio' ? null : code;
}
