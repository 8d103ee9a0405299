/**
 * Text without the difference between upper and lower case, in any script: two texts that differ in case alone fold to the
 * same, and what is part of a text is, folded, part of the folded text. Done here and stored folded, since lower() of
 * Postgres knows only what the locale of the server knows. The four letters i of Turkish are one, as are ß and ss, the two
 * small sigmas, composed and combining accents, and an emoji with and without its variation selector.
 */
export function fold(text: string): string {
  return (
    text
      .normalize('NFD')
      // Down first: ẞ has no upper case of its own. Up and down again: ß becomes ss, and ı becomes i.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      .replace(/[\uFE0E\uFE0F]/g, '')
      .replace(/i\u0307/g, 'i')
      .replaceAll('ς', 'σ')
      .normalize('NFC')
  );
}

/** The pattern for LIKE that finds texts beginning with `folded`; its own wildcards are literal. */
export const likeAtStart = (folded: string): string => `${folded.replace(/[\\%_]/g, '\\$&')}%`;
