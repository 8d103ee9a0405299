/** The path and query of a request target. One that names the host too (RFC 9112 §3.2.2) asks for the same. */
export function originForm(target: string): string {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '');
  return path === target || path.startsWith('/') ? path : `/${path}`;
}
