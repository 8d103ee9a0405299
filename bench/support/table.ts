/** One line of a benchmark's table: a figure, and what it is held against. */
export interface Figure {
  name: string;
  value: string;
  peer: string;
  ratio: string;
  aim: string;
  isMet: boolean | null;
}

export function printTable(title: string, figures: readonly Figure[]): void {
  const rows = figures.map((figure) => {
    const verdict = figure.isMet === null ? '' : figure.isMet ? 'yes' : '**no**';
    return `| ${[figure.name, figure.value, figure.peer, figure.ratio, figure.aim, verdict].join(' | ')} |`;
  });
  const head = ['| figure | Tallyline | peer | ratio | aim | met |', '|---|---|---|---|---|---|'];
  process.stdout.write(`\n### ${title}\n\n${[...head, ...rows].join('\n')}\n`);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

export const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`;
export const times = (value: number): string => `${value.toFixed(2)} ×`;
export const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`;

/** A throughput against its peer's, measured in the same run. */
export function throughput(name: string, ours: number, peers: number, aim: number): Figure {
  return {
    name,
    value: perSecond(ours),
    peer: perSecond(peers),
    ratio: times(ours / peers),
    aim: `≥ ${aim} ×`,
    isMet: ours / peers >= aim,
  };
}
