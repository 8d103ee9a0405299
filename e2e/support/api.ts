export interface Answer {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- any JSON: tests read what they assert
  body: any;
}

export interface Api {
  get: (path: string, headers?: Record<string, string>) => Promise<Answer>;
  send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  /** A body as it is, or none, and no header that was not asked for; a header of '' is left out. */
  raw: (method: string, path: string, headers: Record<string, string>, body?: string) => Promise<Answer>;
}

const timeoutMs = 10_000;

/** Plain fetch against /v2 with one key, as any client would do it. */
export function createApi(url: string, apiKey: string): Api {
  const raw: Api['raw'] = async (method, path, headers, body) => {
    const all = { authorization: `Bearer ${apiKey}`, ...headers };
    const response = await fetch(`${url}/v2${path}`, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : isJson ? JSON.parse(text) : text,
    };
  };
  const send: Api['send'] = (method, path, body, headers = {}) =>
    body === undefined
      ? raw(method, path, headers)
      : raw(method, path, { 'content-type': 'application/json', ...headers }, JSON.stringify(body));
  return { raw, send, get: (path, headers) => send('GET', path, undefined, headers) };
}
