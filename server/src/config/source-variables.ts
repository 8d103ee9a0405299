import { parseFaultRules } from '../sources/sandbox/fault-rules.ts';
import { decimal, integer, matching, oneOf, type Parsed, url } from './kinds.ts';

/** A variable of one source: TALLYLINE_<SOURCE>_<SUFFIX>. Its text reaches the source as `values[suffix in lower case]`. */
export interface SourceVariable {
  suffix: string;
  parse: (raw: string) => Parsed<unknown>;
  isRequired?: boolean;
  isSecret?: boolean;
  /** What the source does without it. */
  fallbackNote: string;
  meaning: string;
}

const httpUrl = (example: string) => url(['http:', 'https:'], example);
const secret = matching(/^\S{8,}$/, 'use the secret as the vendor shows it, without spaces');
const required = 'required';

function faultRules(raw: string): Parsed<string> {
  const parsed = parseFaultRules(raw);
  return parsed.ok ? { ok: true, value: raw } : { ok: false, fix: parsed.problem };
}

const concurrency: SourceVariable = {
  suffix: 'CONCURRENCY',
  parse: integer(1, 64),
  fallbackNote: 'the connector’s own limit',
  meaning: 'Requests at the same time, at most.',
};

const baseUrl = (fallback: string): SourceVariable => ({
  suffix: 'URL',
  parse: httpUrl(fallback),
  fallbackNote: `\`${fallback}\``,
  meaning: 'Base address of the API.',
});

const timeout = (fallbackMs: number): SourceVariable => ({
  suffix: 'TIMEOUT_MS',
  parse: integer(100, 600_000),
  fallbackNote: `\`${fallbackMs}\``,
  meaning: 'How long one request may take.',
});

const interval: SourceVariable = {
  suffix: 'INTERVAL_MS',
  parse: integer(2000, 3_600_000),
  fallbackNote: '`6000`',
  meaning: 'Requests start so far apart at least, and up to half of it more by chance.',
};

const credential = (suffix: string, meaning: string): SourceVariable => ({
  suffix,
  parse: secret,
  isRequired: true,
  isSecret: true,
  fallbackNote: required,
  meaning,
});

export const sourceNames = [
  'sandbox',
  'scrapecreators',
  'instagram_graph',
  'apify',
  'tiktok_research',
  'ensembledata',
  'instagram_web',
  'tiktok_web',
  'tiktok_display',
] as const;
export type SourceName = (typeof sourceNames)[number];

export const sourceVariables: Record<SourceName, readonly SourceVariable[]> = {
  sandbox: [
    {
      suffix: 'SEED',
      parse: matching(/^[\w-]{1,64}$/, 'use up to 64 letters, digits, - or _'),
      fallbackNote: '`tallyline`',
      meaning: 'Which simulated world: the same seed gives the same numbers.',
    },
    {
      suffix: 'URL',
      parse: httpUrl('http://127.0.0.1:8790'),
      fallbackNote: 'a server of its own on a free port',
      meaning: 'A sandbox server that already runs.',
    },
    {
      suffix: 'PAGE_SIZE',
      parse: integer(1, 1000),
      fallbackNote: '`50`',
      meaning: 'Posts on a page of the simulated vendor.',
    },
    {
      suffix: 'FAULTS',
      parse: faultRules,
      fallbackNote: 'nothing goes wrong',
      meaning: 'What goes wrong, as a JSON list of rules.',
    },
    timeout(5000),
  ],
  scrapecreators: [
    credential('KEY', 'API key of ScrapeCreators.'),
    baseUrl('https://api.scrapecreators.com'),
    concurrency,
    timeout(60_000),
  ],
  instagram_graph: [
    credential(
      'TOKEN',
      'Access token with `instagram_basic`, `instagram_manage_insights` and `pages_read_engagement`.',
    ),
    {
      suffix: 'USER_ID',
      parse: matching(/^\d{1,30}$/, 'use the numeric id of your own Instagram professional account'),
      isRequired: true,
      fallbackNote: required,
      meaning: 'Your own Instagram professional account, in whose name others are looked up.',
    },
    {
      suffix: 'URL',
      parse: httpUrl('https://graph.facebook.com'),
      fallbackNote: '`https://graph.facebook.com`',
      meaning: 'Base address of the Graph API.',
    },
    {
      suffix: 'VERSION',
      parse: matching(/^v\d{1,3}\.\d$/, 'use a version such as v26.0'),
      fallbackNote: '`v26.0`',
      meaning: 'Version of the Graph API.',
    },
    concurrency,
    timeout(30_000),
  ],
  apify: [
    credential('TOKEN', 'API token of Apify.'),
    baseUrl('https://api.apify.com/v2'),
    {
      suffix: 'MONTHLY_USD',
      parse: decimal(0.01, 1_000_000),
      fallbackNote: '`5`',
      meaning: 'Spending of the whole Apify account in its month, at most; nothing is started that could exceed it.',
    },
    {
      suffix: 'USD_PER_1000',
      parse: decimal(0.01, 1000),
      fallbackNote: '`2.3`',
      meaning: 'Price of 1,000 results, for the cap of each run.',
    },
    {
      suffix: 'POSTS',
      parse: integer(1, 500),
      fallbackNote: '`30`',
      meaning: 'Newest posts that a refresh asks for at first; each is paid for.',
    },
    {
      suffix: 'MAX_POSTS',
      parse: integer(1, 10_000),
      fallbackNote: '`500`',
      meaning: 'Newest posts that a refresh asks for at most, when it has to look further back.',
    },
    {
      suffix: 'REELS',
      parse: oneOf(['on', 'off']),
      fallbackNote: '`off`',
      meaning: 'Whether the tab of reels is read beside the grid of posts: for as many results again.',
    },
    {
      suffix: 'RUN_TIMEOUT_MS',
      parse: integer(10_000, 3_600_000),
      fallbackNote: '`300000`',
      meaning: 'How long one run may take before it is stopped.',
    },
    { ...concurrency, meaning: 'Runs at the same time, at most.' },
  ],
  tiktok_research: [
    credential('CLIENT_KEY', 'Client key of the approved research project.'),
    credential('CLIENT_SECRET', 'Its client secret.'),
    baseUrl('https://open.tiktokapis.com'),
    {
      suffix: 'DAILY_REQUESTS',
      parse: integer(1, 1_000_000),
      fallbackNote: '`1000`',
      meaning: 'Requests of one UTC day, at most: a part of the quota, where collaborators share it.',
    },
    concurrency,
    timeout(30_000),
  ],
  ensembledata: [
    credential('TOKEN', 'API token of EnsembleData.'),
    baseUrl('https://ensembledata.com/apis'),
    {
      suffix: 'DAILY_UNITS',
      parse: integer(1, 100_000_000),
      fallbackNote: 'what the plan has',
      meaning: 'Units of one UTC day, at most.',
    },
    concurrency,
    timeout(60_000),
  ],
  instagram_web: [
    baseUrl('https://www.instagram.com'),
    interval,
    {
      suffix: 'LEGACY_VIEWS',
      parse: oneOf(['on', 'off']),
      fallbackNote: '`off`',
      meaning: 'Whether views are the legacy number, the only one on these pages; else they are unknown.',
    },
  ],
  tiktok_web: [baseUrl('https://www.tiktok.com'), interval],
  tiktok_display: [
    credential('CLIENT_KEY', 'Client key of your app at TikTok.'),
    credential('CLIENT_SECRET', 'Its client secret.'),
    credential('REFRESH_TOKEN', 'Refresh token that a creator’s consent has brought.'),
    {
      suffix: 'ACCESS_TOKEN',
      parse: secret,
      isSecret: true,
      fallbackNote: 'the refresh token gets one',
      meaning: 'Access token that came with it.',
    },
    baseUrl('https://open.tiktokapis.com'),
    concurrency,
    timeout(30_000),
  ],
};
