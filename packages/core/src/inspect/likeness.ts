const PATH_START = /^(?:\/|\.{1,2}[/\\]|~(?:[/\\]|$)|file:|[a-z]:[/\\]|\\\\)/i;
const PATH_STEP = /(?:^|[/\\])\.\.(?:[/\\]|$)|%2e%2e|%2f|%5c/i;
const PATH_KEY =
  /(?:^|[_-]|[a-z](?=[A-Z]))(?:path|file|filename|filepath|dir|directory|folder|src|source|dst|dest|destination|target|cwd|root|workdir)s?$/i;
const URL_START = /^[a-z][a-z0-9+.-]*:\/\//i;

/** Whether a text of an undeclared argument names a file: by how it looks, or by what it is called. */
export function looksLikePath(key: string, text: string): boolean {
  if (text === '' || text.length > 4096 || /[\r\n]/.test(text)) return false;
  if (looksLikeUrl(text) && !/^file:/i.test(text)) return false;
  return PATH_START.test(text) || PATH_STEP.test(text) || PATH_KEY.test(key);
}

/** Whether a text of an undeclared argument begins with an absolute URL. */
export function looksLikeUrl(text: string): boolean {
  return URL_START.test(text) && !/^file:/i.test(text);
}
