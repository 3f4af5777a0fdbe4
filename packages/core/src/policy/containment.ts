/** An absolute path without `.`, `..`, empty segments or a trailing slash; undefined for a relative one. */
export function normalisePath(path: string): string | undefined {
  if (!path.startsWith('/') || path.includes('\0')) return undefined;
  if (hasFirmSegments(path)) return path;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

/** Whether no segment behind a slash is empty, `.` or `..`; a slash at the end has an empty one behind it. */
export function hasFirmSegments(path: string): boolean {
  return !LOOSE.test(path);
}

const LOOSE = /\/\.{0,2}(?:\/|$)/;

/** Whether a normalised path is the root itself or inside it. */
export function isUnder(path: string, root: string): boolean {
  // SECURITY: `/data-old` is not under `/data`.
  return root === '/' || path === root || (path.startsWith(root) && path[root.length] === '/');
}
