/**
 * JSON.parse, except that an integer a double cannot hold becomes a string of its digits. TikTok sends music and
 * author ids as bare 64-bit numbers, which JSON.parse would round.
 */
export function parseJson(text: string): unknown {
  return JSON.parse(quoteLongIntegers(text));
}

/** Numbers of 16 digits and more are the only ones that can exceed 2^53. */
const longInteger = /(?<=[:,[]\s*|^\s*)-?[1-9]\d{15,}(?=\s*(?:[,}\]]|$))/g;
const shortestLongInteger = 16;
const backslash = 0x5c;

/** Looks only between strings: CDN addresses and tokens are full of digits. Invalid JSON stays invalid. */
function quoteLongIntegers(text: string): string {
  let rewritten = '';
  let copiedTo = 0;
  let gapStart = 0;
  while (gapStart <= text.length) {
    const opening = text.indexOf('"', gapStart);
    const gapEnd = opening === -1 ? text.length : opening;
    if (gapEnd - gapStart >= shortestLongInteger) {
      const quoted = quoteInGap(text, gapStart, gapEnd);
      if (quoted !== null) {
        rewritten += text.slice(copiedTo, gapStart) + quoted;
        copiedTo = gapEnd;
      }
    }
    if (opening === -1) break;
    gapStart = endOfString(text, opening);
  }
  return copiedTo === 0 ? text : rewritten + text.slice(copiedTo);
}

function quoteInGap(text: string, start: number, end: number): string | null {
  // A gap that starts behind a string starts with : , ] or }, so it needs no context from before it; its end does.
  const gap = text.slice(start, end);
  const quoted = gap.replace(longInteger, (digits) => (Number.isSafeInteger(Number(digits)) ? digits : `"${digits}"`));
  return quoted === gap ? null : quoted;
}

/** The position behind the closing quote, or behind the text when the string never ends. */
function endOfString(text: string, opening: number): number {
  let closing = text.indexOf('"', opening + 1);
  while (closing !== -1 && isEscaped(text, closing)) closing = text.indexOf('"', closing + 1);
  return closing === -1 ? text.length + 1 : closing + 1;
}

function isEscaped(text: string, position: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(position - 1 - backslashes) === backslash) backslashes += 1;
  return backslashes % 2 === 1;
}
