import { isJsonObject, type JsonObject } from '@aegis/core';

/** Where a client program puts what its user said; the program writes it, and no model can. */
const USER_TEXT_META = 'aegis/user-text';

/** Longest text that is taken, in UTF-16 units: what is beyond it nobody is known to have said. */
const MAX_USER_TEXT = 65_536;

/** What the client says that its user said, in the `_meta` of a request. */
export function userTextOf({ _meta: meta }: JsonObject): { readonly userText?: string } {
  const text = isJsonObject(meta) ? meta[USER_TEXT_META] : undefined;
  if (typeof text !== 'string' || text === '') return {};
  return { userText: text.slice(0, MAX_USER_TEXT).toWellFormed() };
}
