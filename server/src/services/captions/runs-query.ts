const runLength = 3;

/** What `caption_runs` of a caption must hold for the caption to contain the folded text, as a tsquery. */
export function runsQuery(organizationId: string, folded: string): string {
  const lexeme = (run: string): string => `'${`${organizationId.slice(-6)}${run}`.replace(/['\\]/g, '$&$&')}'`;
  const characters = Array.from(folded);
  if (characters.length < runLength) return `${lexeme(folded)}:*`;
  const runs = characters
    .slice(0, 1 - runLength)
    .map((_, start) => characters.slice(start, start + runLength).join(''));
  return [...new Set(runs)].map(lexeme).join(' & ');
}
