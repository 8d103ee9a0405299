/** Whether the Accept header admits `application/json` (RFC 9110 §12.5.1: the most specific range decides). */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept === '*/*' || accept === 'application/json' || accept.trim() === '') return true;
  let specificity = -1;
  let isAccepted = false;
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const found = specificities.get(type) ?? -1;
    if (found <= specificity) continue;
    specificity = found;
    isAccepted = qualityOf(parameters) > 0;
  }
  return isAccepted;
}

const specificities = new Map([
  ['*/*', 0],
  ['application/*', 1],
  ['application/json', 2],
]);

function qualityOf(parameters: readonly string[]): number {
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  if (quality === undefined) return 1;
  const value = Number(quality.slice(2));
  return Number.isFinite(value) ? value : 0;
}
