import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pkFromShortcode, shortcodeFromPk } from '../../sources/instagram-ids.ts';
import { parseIdentifier } from './parse-identifier.ts';

const id = '3830961746681417182';
const code = 'DUqT2lLDk3e';
const video = '7463250352177401114';

describe('every accepted form names the post', () => {
  test.each([
    [code, null],
    [id, null],
    [` ${code}\n`, null],
    [`${id}_25025320`, null],
    [`instagram://media?id=${id}_25025320`, null],
    [`instagram://media?id=${id}`, null],
    [`https://www.instagram.com/p/${code}/`, null],
    [`https://www.instagram.com/reel/${code}/?igsh=abc`, null],
    [`https://www.instagram.com/reels/${code}`, null],
    [`http://m.instagram.com/tv/${code}#top`, null],
    [`HTTPS://Instagram.com/p/${code}/embed/captioned`, null],
    [`instagram.com/p/${code}?img_index=2`, null],
    [`https://www.instagram.com/North_A/reel/${code}/`, 'north_a'],
    [`https://www.instagram.com/north.a/p/${code}`, 'north.a'],
    [`https://www.instagram.com/p/${code}${'x-_Z'.repeat(7)}/`, null],
  ])('instagram: %s', (text, authorUsername) => {
    expect(parseIdentifier('instagram', text)).toEqual({ post: { externalId: id, shortcode: code, authorUsername } });
  });

  test.each([
    [video, null],
    [`https://www.tiktok.com/@Oak.Rye/video/${video}`, 'oak.rye'],
    [`https://www.tiktok.com/@oak_rye/photo/${video}?is_from_webapp=1`, 'oak_rye'],
    [`tiktok.com/@oak_rye/video/${video}/`, 'oak_rye'],
    [`https://m.tiktok.com/@/video/${video}`, null],
    [`https://www.tiktok.com/@6811111111111111111/video/${video}`, null],
    [`https://m.tiktok.com/v/${video}.html`, null],
    [`https://www.tiktok.com/v/${video}`, null],
    [`https://www.tiktok.com/share/video/${video}/`, null],
    [`https://www.tiktok.com/embed/${video}`, null],
    [`https://www.tiktok.com/embed/v2/${video}`, null],
    [`https://www.tiktok.com/player/v1/${video}`, null],
  ])('tiktok: %s', (text, authorUsername) => {
    expect(parseIdentifier('tiktok', text)).toEqual({ post: { externalId: video, shortcode: null, authorUsername } });
  });
});

describe('digits of Instagram', () => {
  test('14 are a shortcode, 15 an id', () => {
    expect(parseIdentifier('instagram', '1'.repeat(14))).toMatchObject({ post: { shortcode: '1'.repeat(14) } });
    expect(parseIdentifier('instagram', '1'.repeat(15))).toMatchObject({ post: { externalId: '1'.repeat(15) } });
    expect(parseIdentifier('instagram', '1'.repeat(20))).toMatchObject({ post: { externalId: '1'.repeat(20) } });
  });

  test('in the place of a shortcode they are one', () => {
    const parsed = parseIdentifier('instagram', `instagram.com/p/${'1'.repeat(15)}`);
    expect(parsed).toMatchObject({ post: { shortcode: '1'.repeat(15) } });
  });
});

const redirects = 'is a link that redirects; open it and send the URL that it leads to';
const noInstagram = 'must be the URL, shortcode or id of an Instagram post';
const noTiktok = 'must be the URL or id of a TikTok video';

describe('what names no post of the platform is refused', () => {
  test.each([
    ['instagram', '', noInstagram],
    ['instagram', 'abcd', noInstagram],
    ['instagram', 'a'.repeat(21), noInstagram],
    ['instagram', `${code}${'x'.repeat(28)}`, noInstagram],
    ['instagram', 'AAAAA', noInstagram],
    ['instagram', '0'.repeat(15), noInstagram],
    ['instagram', 'has space', noInstagram],
    ['instagram', `p/${code}`, noInstagram],
    ['instagram', `https://www.instagram.com/${code}/`, noInstagram],
    ['instagram', 'https://www.instagram.com/north_a/', noInstagram],
    ['instagram', 'https://www.instagram.com/p/', noInstagram],
    ['instagram', 'https://www.instagram.com/p/abcd/', noInstagram],
    ['instagram', `https://www.instagram.com/p/${'a'.repeat(21)}/`, noInstagram],
    ['instagram', 'https://www.instagram.com/reels/audio/1234567890123456/', noInstagram],
    ['instagram', `https://www.instagram.com/stories/reel/${code}/`, noInstagram],
    ['instagram', `https://www.instagram.com/a/b/p/${code}/`, noInstagram],
    ['instagram', `https://evil.example/p/${code}/`, noInstagram],
    ['instagram', `https://instagram.com.evil.example/p/${code}/`, noInstagram],
    ['instagram', `https://instagram.com@evil.example/p/${code}/`, noInstagram],
    ['instagram', `https://www.tiktok.com/@oak_rye/video/${video}`, noInstagram],
    ['instagram', `https://instagr.am/p/${code}/`, redirects],
    ['instagram', 'https://www.instagram.com/share/BAabc12345', redirects],
    ['instagram', 'https://www.instagram.com/share/reel/BAabc12345/', redirects],
    ['tiktok', code, noTiktok],
    ['tiktok', '1'.repeat(14), noTiktok],
    ['tiktok', '1'.repeat(21), noTiktok],
    ['tiktok', '0'.repeat(19), noTiktok],
    ['tiktok', `https://www.instagram.com/p/${code}/`, noTiktok],
    ['tiktok', 'https://www.tiktok.com/@oak_rye', noTiktok],
    ['tiktok', 'https://www.tiktok.com/@oak_rye/video/123', noTiktok],
    ['tiktok', `https://www.tiktok.com/@oak_rye/video/${video}x`, noTiktok],
    ['tiktok', `https://www.tiktok.com/@oak_rye/live/${video}`, noTiktok],
    ['tiktok', `https://www.tiktok.com/music/sound-${video}`, noTiktok],
    ['tiktok', `https://www.tiktokv.com/share/video/${video}/`, noTiktok],
    ['tiktok', `https://evil.example/@oak_rye/video/${video}`, noTiktok],
    ['tiktok', 'https://vm.tiktok.com/ZMabcdefg/', redirects],
    ['tiktok', 'https://vt.tiktok.com/ZSabcdefg/', redirects],
    ['tiktok', 'https://www.tiktok.com/t/ZTabcdefg/', redirects],
  ] as const)('%s: %s', (platform, text, message) => {
    expect(parseIdentifier(platform, text)).toEqual({ error: { field: 'identifier', message } });
  });

  test('any text is either a post or one named error', () => {
    const platforms = fc.constantFrom('instagram', 'tiktok');
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.stringMatching(/^[\w/.:@?#-]{0,60}$/));
    fc.assert(
      fc.property(platforms, text, (platform, typed) => {
        const parsed = parseIdentifier(platform, typed);
        if ('error' in parsed) expect(parsed.error.field).toBe('identifier');
        else expect(parsed.post.externalId).toMatch(/^[1-9]\d*$/);
      }),
    );
  });
});

test('URL, shortcode and id of an Instagram post are the same post, no digit lost', () => {
  const ids = fc.bigInt({ min: 10n ** 14n, max: 2n ** 63n - 1n }).map(String);
  fc.assert(
    fc.property(ids, (pk) => {
      const shortcode = shortcodeFromPk(pk) ?? '';
      const expected = { post: { externalId: pk, shortcode, authorUsername: null } };
      expect(parseIdentifier('instagram', pk)).toEqual(expected);
      expect(parseIdentifier('instagram', `https://www.instagram.com/p/${shortcode}/`)).toEqual(expected);
      if (!/^\d{15,}$/.test(shortcode)) expect(parseIdentifier('instagram', shortcode)).toEqual(expected);
    }),
  );
});

test('every shortcode of 5 to 20 characters is accepted, and its id leads back to the same post', () => {
  const codes = fc.stringMatching(/^[A-Za-z0-9_-]{5,20}$/).filter((text) => !/^(A+|\d{15,}.*)$/.test(text));
  fc.assert(
    fc.property(codes, (shortcode) => {
      const pk = pkFromShortcode(shortcode);
      expect(parseIdentifier('instagram', shortcode)).toMatchObject({ post: { externalId: pk } });
    }),
  );
});

test('ids of TikTok keep every digit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 10n ** 14n, max: 10n ** 20n - 1n }).map(String), (pk) => {
      expect(parseIdentifier('tiktok', pk)).toMatchObject({ post: { externalId: pk } });
      expect(parseIdentifier('tiktok', `tiktok.com/@a.b/video/${pk}`)).toMatchObject({ post: { externalId: pk } });
    }),
  );
});
