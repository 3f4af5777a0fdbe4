/** An absolute path without `.`, `..`, empty segments or a trailing slash; undefined for a relative one. */
export function normalisePath(path: string): string | undefined {
  if (!path.startsWith('/') || path.includes('\0')) return undefined;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

/** Whether a normalised path is the root itself or inside it. */
export function isUnder(path: string, root: string): boolean {
  // SECURITY: `/data-old` is not under `/data`.
  return root === '/' || path === root || (path.startsWith(root) && path[root.length] === '/');
}
