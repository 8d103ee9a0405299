import { startVendorServer, type VendorReply, type VendorRequest, type VendorServer } from './vendor-server.ts';

export interface StartedRun {
  actor: string;
  input: Record<string, unknown>;
  query: Record<string, string>;
}

/** How a run goes on after its start. */
export interface RunStory {
  /** One by one, as it is asked for; the last one stays. */
  statuses: readonly (string | VendorReply)[];
  items: readonly unknown[];
  usageTotalUsd?: number;
  /** The total that the header names; absent: as many as there are. */
  total?: number;
}

export interface FakeApify extends VendorServer {
  started: StartedRun[];
  aborted: string[];
  /** The month of the account. */
  books: { spentUsd: number; limitUsd: number | null; endsAt: string };
  /** What becomes of a run; a reply in place of a story refuses the start. */
  story: (run: StartedRun) => RunStory | VendorReply;
  /** Answers in place of everything else, while it is set. */
  instead: ((request: VendorRequest) => VendorReply | null) | null;
}

const isStory = (story: RunStory | VendorReply): story is RunStory => 'statuses' in story;

export const succeeded = (items: readonly unknown[], more: Partial<RunStory> = {}): RunStory => ({
  statuses: ['SUCCEEDED'],
  items,
  ...more,
});

/** Apify's runs, datasets and books, as its API describes them. */
export async function startFakeApify(): Promise<FakeApify> {
  const runs: { story: RunStory; looks: number }[] = [];
  const server = await startVendorServer((request) => fake.instead?.(request) ?? route(request));
  const fake: FakeApify = Object.assign(server, {
    started: [],
    aborted: [],
    books: { spentUsd: 0, limitUsd: 300, endsAt: '2026-11-30T23:59:59.999Z' },
    story: () => succeeded([]),
    instead: null,
  });

  const shown = (index: number, status: string): VendorReply => {
    const usageTotalUsd = runs[index]?.story.usageTotalUsd;
    return { body: { data: { id: `run${index}`, status, defaultDatasetId: `set${index}`, usageTotalUsd } } };
  };

  const start = (actor: string, { body, query }: VendorRequest): VendorReply => {
    const run: StartedRun = { actor, query, input: JSON.parse(body) as Record<string, unknown> };
    fake.started.push(run);
    const story = fake.story(run);
    if (!isStory(story)) return story;
    runs.push({ story, looks: 0 });
    return shown(runs.length - 1, 'READY');
  };

  const look = (index: number): VendorReply => {
    const run = runs[index];
    if (run === undefined) return { status: 404, body: { error: { type: 'record-not-found', message: 'no run' } } };
    const status = run.story.statuses[Math.min(run.looks, run.story.statuses.length - 1)] ?? 'SUCCEEDED';
    run.looks += 1;
    return typeof status === 'string' ? shown(index, status) : status;
  };

  const items = (index: number, { query }: VendorRequest): VendorReply => {
    const story = runs[index]?.story ?? succeeded([]);
    const offset = Number(query.offset);
    const body = story.items.slice(offset, offset + Number(query.limit));
    return { headers: { 'x-apify-pagination-total': String(story.total ?? story.items.length) }, body };
  };

  const route = (request: VendorRequest): VendorReply => {
    const { path, method } = request;
    const [, what, id = '', last] = /^\/(acts|actor-runs|datasets|users)\/([^/]+)\/?(\w+)?$/.exec(path) ?? [];
    if (what === 'users') return month(fake.books);
    if (what === 'acts' && method === 'POST') return start(id, request);
    const index = Number(id.replace(/^\D+/, ''));
    if (last === 'abort') {
      fake.aborted.push(id);
      return shown(index, 'ABORTING');
    }
    return what === 'datasets' ? items(index, request) : look(index);
  };

  return fake;
}

const month = ({ spentUsd, limitUsd, endsAt }: FakeApify['books']): VendorReply => ({
  body: {
    data: {
      monthlyUsageCycle: { startAt: '2026-11-01T00:00:00.000Z', endAt: endsAt },
      limits: { maxMonthlyUsageUsd: limitUsd },
      current: { monthlyUsageUsd: spentUsd },
    },
  },
});
