import type { ShellParser } from './shell/tree.ts';
import type { SqlParsers } from './sql/parsers.ts';

/** A URL taken apart as the WHATWG URL standard says. */
export interface ParsedUrl {
  readonly href: string;
  /** With the colon: `https:`. */
  readonly protocol: string;
  /** ASCII; IPv6 in brackets. */
  readonly hostname: string;
  /** Decimal; empty for that of the scheme. */
  readonly port: string;
  readonly username: string;
  readonly password: string;
}

/** What the inspectors need of the machine, so that this package needs none of it. */
export interface InspectPlatform {
  readonly sql: SqlParsers;
  readonly shell: ShellParser;
  /** The real path of an absolute one: links of its deepest existing ancestor resolved, each before a `..` behind it. */
  readonly resolvePath: (path: string) => string;
  /** Undefined when the text is no URL. */
  readonly parseUrl: (text: string) => ParsedUrl | undefined;
  /** Absolute, normalised: where relative paths start. */
  readonly baseDir: string;
  /** Absolute, normalised: what `~` stands for. */
  readonly homeDir: string;
}
