/** The last item of a page: its sort value and, since values tie, its id. */
export interface Position {
  value: string | number | null;
  id: string;
}

/** What a list verb is asked for. */
export interface PageRequest<Key extends string, Filters> {
  limit: number;
  after: Position | null;
  orderBy: Key;
  orderDirection: 'asc' | 'desc';
  filters: Filters;
  includeTotal: boolean;
}

export interface PageResult<Item> {
  items: Item[];
  /** null on the last page. */
  next: Position | null;
  totalCount?: number;
}
