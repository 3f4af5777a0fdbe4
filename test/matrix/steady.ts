/** Times and ids, which differ from one call to the next, written the same in every answer. */
export function steady(value: unknown): unknown {
  if (typeof value === 'string') return steadyText(value);
  if (Array.isArray(value)) return value.map(steady);
  if (typeof value !== 'object' || value === null) return value;
  if (isAnyLogMessage(value)) return { ...value, level: '<level>', data: '<level> message' };
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      if (inner === undefined) return [];
      if (key === 'progress' && Array.isArray(inner)) return [[key, inOrder(inner)]];
      return [[key, key === 'blob' && typeof inner === 'string' ? steadyBlob(inner) : steady(inner)]];
    }),
  );
}

function steadyText(text: string): string {
  return text
    .replaceAll(/\d{1,2}:\d{2}:\d{2} [AP]M/g, '<time>')
    .replaceAll(/\bcall_[0-9a-z_]+\b/gi, '<decision>')
    .replaceAll(/session [0-9a-f-]{36}|session undefined/g, 'session <id>');
}

/** The everything server writes the time into what it then encodes. */
function steadyBlob(blob: string): string {
  const text = Buffer.from(blob, 'base64').toString('latin1');
  return /^[\x20-\x7e]+$/.test(text) ? Buffer.from(steadyText(text)).toString('base64') : blob;
}

/**
 * Clients forget the reports that come together with the result, and how many those are is chance: what is the
 * same is the first one, and that none is missing before the last one heard.
 */
function inOrder(reports: readonly { readonly progress?: unknown }[]): unknown {
  return { first: reports[0], inOrder: reports.every(({ progress }, index) => progress === index + 1) };
}

/** The everything server throws a die for the level, and names it in the text. */
function isAnyLogMessage({ level, data }: { readonly level?: unknown; readonly data?: unknown }): boolean {
  const match = typeof data === 'string' ? /^(\w+)[- ]level[- ]message( - SessionId \S+)?$/.exec(data) : null;
  return match !== null && match[1]?.toLowerCase() === level;
}
