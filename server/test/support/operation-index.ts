interface IndexEntry {
  id: string;
  method: string;
  path: string;
  tag: string;
  scope: 'none' | 'read' | 'write';
  success: number;
}

type Row = [id: string, method: string, path: string, tag: string, scope: IndexEntry['scope'], success: number];

// The operations of the contract (§1), those to come included.
const rows: Row[] = [
  ['list_accounts', 'GET', '/accounts', 'Accounts', 'read', 200],
  ['create_account', 'POST', '/accounts', 'Accounts', 'write', 201],
  ['get_account', 'GET', '/accounts/{account_id}', 'Accounts', 'read', 200],
  ['update_account', 'PATCH', '/accounts/{account_id}', 'Accounts', 'write', 200],
  ['delete_account', 'DELETE', '/accounts/{account_id}', 'Accounts', 'write', 204],
  ['list_videos', 'GET', '/videos', 'Videos', 'read', 200],
  ['create_video', 'POST', '/videos', 'Videos', 'write', 201],
  ['get_video', 'GET', '/videos/{video_id}', 'Videos', 'read', 200],
  ['update_video', 'PATCH', '/videos/{video_id}', 'Videos', 'write', 200],
  ['delete_video', 'DELETE', '/videos/{video_id}', 'Videos', 'write', 204],
  ['batch_video_deltas', 'POST', '/videos/deltas', 'Videos', 'read', 200],
  ['list_account_videos', 'GET', '/account-videos', 'Videos', 'read', 200],
  ['get_account_video', 'GET', '/account-videos/{account_video_id}', 'Videos', 'read', 200],
  ['list_creators', 'GET', '/creators', 'Creators', 'read', 200],
  ['create_creator', 'POST', '/creators', 'Creators', 'write', 201],
  ['list_top_creators', 'GET', '/creators/top', 'Creators', 'read', 200],
  ['get_creator', 'GET', '/creators/{creator_id}', 'Creators', 'read', 200],
  ['update_creator', 'PATCH', '/creators/{creator_id}', 'Creators', 'write', 200],
  ['delete_creator', 'DELETE', '/creators/{creator_id}', 'Creators', 'write', 204],
  ['link_creator_account', 'PUT', '/creators/{creator_id}/accounts/{account_id}', 'Creators', 'write', 201],
  ['unlink_creator_account', 'DELETE', '/creators/{creator_id}/accounts/{account_id}', 'Creators', 'write', 204],
  ['get_organization_analytics', 'GET', '/analytics', 'Analytics', 'read', 200],
  ['get_organization_timeseries', 'GET', '/analytics/timeseries', 'Analytics', 'read', 200],
  ['get_account_analytics', 'GET', '/accounts/{account_id}/analytics', 'Analytics', 'read', 200],
  ['get_account_timeseries', 'GET', '/accounts/{account_id}/analytics/timeseries', 'Analytics', 'read', 200],
  ['get_creator_analytics', 'GET', '/creators/{creator_id}/analytics', 'Analytics', 'read', 200],
  ['get_creator_timeseries', 'GET', '/creators/{creator_id}/analytics/timeseries', 'Analytics', 'read', 200],
  ['get_video_analytics', 'GET', '/videos/{video_id}/analytics', 'Analytics', 'read', 200],
  ['get_video_timeseries', 'GET', '/videos/{video_id}/analytics/timeseries', 'Analytics', 'read', 200],
  ['get_account_video_analytics', 'GET', '/account-videos/{account_video_id}/analytics', 'Analytics', 'read', 200],
  [
    'get_account_video_timeseries',
    'GET',
    '/account-videos/{account_video_id}/analytics/timeseries',
    'Analytics',
    'read',
    200,
  ],
  ['batch_account_metrics', 'POST', '/accounts/metrics', 'Analytics', 'read', 200],
  ['batch_video_metrics', 'POST', '/videos/metrics', 'Analytics', 'read', 200],
  ['batch_account_video_metrics', 'POST', '/account-videos/metrics', 'Analytics', 'read', 200],
  ['get_overview', 'GET', '/overview', 'Overview', 'read', 200],
  ['search', 'GET', '/search', 'Search', 'read', 200],
  ['get_health', 'GET', '/health', 'System', 'none', 200],
  ['get_meta', 'GET', '/meta', 'System', 'none', 200],
  ['get_whoami', 'GET', '/whoami', 'System', 'read', 200],
  ['get_openapi', 'GET', '/openapi.json', 'System', 'none', 200],
  ['get_docs', 'GET', '/docs', 'System', 'none', 200],
];

export const operationIndex: IndexEntry[] = rows.map(([id, method, path, tag, scope, success]) => ({
  id,
  method,
  path,
  tag,
  scope,
  success,
}));
