import type { ScannedFile } from './source.ts';

/** What lies in a folder that is scanned. */
export type ScannedEntry =
  | ({ readonly kind: 'text' } & ScannedFile)
  /** A file that a machine runs or loads and nobody can read. */
  | { readonly kind: 'binary'; readonly path: string; readonly what: string }
  /** A symbolic link to a place outside of the folder. */
  | { readonly kind: 'link'; readonly path: string }
  | { readonly kind: 'unread'; readonly path: string; readonly why: string };
