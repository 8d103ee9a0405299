export interface Answer {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- any JSON: tests read what they assert
  body: any;
}

export interface Api {
  get: (path: string, headers?: Record<string, string>) => Promise<Answer>;
  send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
}

const timeoutMs = 10_000;

/** Plain fetch against /v2 with one key, as any client would do it. */
export function createApi(url: string, apiKey: string): Api {
  const send: Api['send'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}/v2${path}`, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  };
  return { send, get: (path, headers) => send('GET', path, undefined, headers) };
}
