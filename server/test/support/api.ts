import type { FastifyInstance, InjectOptions } from 'fastify';
import { checkedInject } from './contract.ts';

type Members = Record<string, unknown>;

export interface ApiAnswer {
  status: number;
  headers: Members;
  /** The whole body; empty when there is none. */
  body: Members;
  /** `data` of an item, `data` of a list, and the other parts that tests look at. */
  data: Members;
  items: Members[];
  meta: Members;
  pagination: { has_next: boolean; limit: number; next_cursor: string | null; total_count?: number };
  errors: { field: string; message: string }[];
  /** `data.id` */
  id: string;
}

/** `/v2` as one key sees it. Paths are relative to /v2. */
export interface Api {
  get(path: string, headers?: Record<string, string>): Promise<ApiAnswer>;
  post(path: string, body?: object, headers?: Record<string, string>): Promise<ApiAnswer>;
  patch(path: string, body?: object): Promise<ApiAnswer>;
  put(path: string): Promise<ApiAnswer>;
  delete(path: string): Promise<ApiAnswer>;
  /** Every item of a cursor list, page by page. `between` runs after each page. */
  walk(path: string, between?: () => Promise<unknown>): Promise<Members[]>;
}

export function apiOf(app: FastifyInstance, apiKey: string): Api {
  const send = async (
    method: NonNullable<InjectOptions['method']>,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> => {
    const answer = await checkedInject(app, {
      method,
      url: `/v2${path}`,
      headers: { authorization: `Bearer ${apiKey}`, ...headers },
      ...(body === undefined ? {} : { payload: body }),
    });
    return read(answer.statusCode, answer.headers, answer.body);
  };
  const get: Api['get'] = (path, headers) => send('GET', path, undefined, headers);
  return {
    get,
    post: (path, body, headers) => send('POST', path, body, headers),
    patch: (path, body) => send('PATCH', path, body),
    put: (path) => send('PUT', path),
    delete: (path) => send('DELETE', path),
    async walk(path, between) {
      const items: Members[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page = await get(cursor === '' ? path : `${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`);
        if (page.status !== 200) throw new Error(JSON.stringify(page.body));
        items.push(...page.items);
        cursor = page.pagination.next_cursor;
        await between?.();
      }
      return items;
    },
  };
}

function read(status: number, headers: Members, text: string): ApiAnswer {
  const body = text === '' ? {} : JSON.parse(text);
  const { data = {}, meta = {}, pagination = {}, errors = [] } = body;
  return { status, headers, body, data, items: data, meta, pagination, errors, id: data.id };
}
