import { parse } from 'node:querystring';

/**
 * The parameters of a query string. A percent sign that encodes nothing is one; bytes that are no UTF-8 become half of a
 * surrogate pair, so that the check of text refuses them by the parameter's name instead of looking for something else.
 */
export function parseQueryString(text: string): Record<string, unknown> {
  return parse(text, '&', '=', { decodeURIComponent: decode });
}

function decode(part: string): string {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part.replace(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch {
    return '\ud800';
  }
}
