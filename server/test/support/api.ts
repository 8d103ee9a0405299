import type { FastifyInstance, InjectOptions } from 'fastify';

export interface ApiAnswer {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at members that they expect
  body: any;
}

/** `/v2` as one key sees it. Paths are relative to /v2. */
export interface Api {
  get(path: string, headers?: Record<string, string>): Promise<ApiAnswer>;
  post(path: string, body?: object, headers?: Record<string, string>): Promise<ApiAnswer>;
  patch(path: string, body?: object): Promise<ApiAnswer>;
  put(path: string): Promise<ApiAnswer>;
  delete(path: string): Promise<ApiAnswer>;
}

export function apiOf(app: FastifyInstance, apiKey: string): Api {
  const send = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const answer = await app.inject({
      method: method as NonNullable<InjectOptions['method']>,
      url: `/v2${path}`,
      headers: { authorization: `Bearer ${apiKey}`, ...headers },
      ...(body === undefined ? {} : { payload: body }),
    });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.body === '' ? null : JSON.parse(answer.body),
    };
  };
  return {
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    patch: (path, body) => send('PATCH', path, body),
    put: (path) => send('PUT', path),
    delete: (path) => send('DELETE', path),
  };
}
