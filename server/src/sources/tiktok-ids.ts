/** TikTok's ids of posts and users begin with the second in which they were made. */

const earliest = Date.UTC(2014, 0, 1);
const latest = Date.UTC(2100, 0, 1);

/** When a post was uploaded (3 to 26 s before `createTime`) or an account was made (within minutes); null: no such id. */
export function timeOfTiktokId(id: string): Date | null {
  if (!/^[1-9]\d{9,19}$/.test(id)) return null;
  const ms = Number(BigInt(id) >> 32n) * 1000;
  return ms >= earliest && ms < latest ? new Date(ms) : null;
}
