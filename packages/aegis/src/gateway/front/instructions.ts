import { LIST_KINDS, type UpstreamServer } from '../upstream/server.ts';
import type { Kernel, SessionHandle } from '../../enforce/door.ts';
import type { CatalogueView } from '../catalogue/view.ts';
import { USE_OF } from './listed.ts';

/** All instructions together, in UTF-16 code units. */
const MAX_CHARS = 16 * 1024;

/**
 * What the servers tell the model about themselves, each under its name, and only those of which this
 * caller can see something; undefined when none says anything.
 *
 * It is passed on because the descriptions of tools are: the same servers wrote both, and withholding one
 * would keep nothing from the model that the other could not say. Like those it is pinned. Credentials are taken out of it where
 * it comes in, like out of everything a server says.
 *
 * SECURITY: it is quoted line by line, so that no server can speak under the name of another.
 */
export function instructionsFor(
  kernel: Kernel,
  handle: SessionHandle,
  catalogue: CatalogueView,
): string | undefined {
  const texts = catalogue.upstreams().flatMap((upstream) => {
    const text = catalogue.instructionsOf(upstream)?.trim() ?? '';
    return text !== '' && isVisible(kernel, handle, catalogue, upstream)
      ? [{ name: upstream.name, text }]
      : [];
  });
  if (texts.length === 0) return undefined;
  const share = Math.floor(MAX_CHARS / texts.length);
  return texts.map(({ name, text }) => sectionOf(name, text, share)).join('\n\n');
}

function sectionOf(server: string, text: string, maxChars: number): string {
  const heading = `Server \`${server}\` says:`;
  // Every line that a reader may see as one: what Unicode calls line and paragraph separators too.
  const lines = text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
  const section = [heading, ...lines.map((line) => `> ${line}`)].join('\n');
  return section.length <= maxChars ? section : section.slice(0, maxChars).toWellFormed();
}

function isVisible(
  kernel: Kernel,
  handle: SessionHandle,
  catalogue: CatalogueView,
  upstream: UpstreamServer,
): boolean {
  return LIST_KINDS.some((kind) =>
    catalogue
      .list(kind)
      .some((entry) => entry.upstream === upstream && kernel.visible(handle, USE_OF[kind], entry.resource)),
  );
}
