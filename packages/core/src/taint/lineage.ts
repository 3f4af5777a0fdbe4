import { AegisError } from '../errors.ts';
import { looksLikeUrl } from '../inspect/likeness.ts';
import { readingsOf } from '../inspect/text/readings.ts';
import type { ArgumentKind } from '../manifest/manifest.ts';
import { type Capability, onlyReads } from '../model/capability.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { ArgumentUse, TaintFact, TaintFacts } from '../model/taint.ts';
import { Fragments, MAX_FRAGMENTS } from './fragments.ts';
import { joinLabels } from './labels.ts';
import { holds, isDistinctive, originsOf, type Trace, traceText } from './trace.ts';
import { type LeafText, leafTextsOf } from './values.ts';
import { splitFolded, wordsOf } from './words.ts';

/** Most fragments of what the user and the model said; what is beyond is not known to be theirs. */
export const MAX_OWN_FRAGMENTS = 131_072;

/** Most kinds of origins of one session. */
const MAX_ORIGINS = 16_384;

/** A text is read in pieces of so many UTF-16 units, with an overlap. */
const PIECE_LENGTH = 65_536;
const OVERLAP = 512;

/** Most calls that one fact names. */
const MOST_CALLS = 4;

/** What a result says, for whoever follows it. */
export interface Received {
  readonly callId: string;
  readonly server: string;
  /** Empty for what is trusted. */
  readonly labels: readonly string[];
  /** Whether it tries to steer the model that reads it. */
  readonly steers: boolean;
  readonly content: JsonValue;
}

/** A call whose arguments are to be traced. */
export interface TracedCall {
  readonly server: string;
  readonly capabilities: readonly Capability[];
  readonly args: JsonObject;
  /** What the manifest says of the arguments; undefined when there is none. */
  readonly kinds: ReadonlyMap<string, ArgumentKind> | undefined;
}

interface Origin {
  /** The call whose result said it first. */
  readonly callId: string;
  readonly labels: readonly string[];
  readonly servers: readonly string[];
  /** Whether a text with it tries to steer the model. */
  readonly steers: boolean;
}

/**
 * What one session has read and what was said in it, by content: a fold of its events.
 *
 * A fragment that the user or the model said before it was read anywhere is theirs and stays so. What was read and
 * could not be kept (`MAX_FRAGMENTS`, nesting, an erased value) leaves its labels behind: from then on every argument
 * that nobody is known to have said carries them. Memory is at most 10 MB a session, and grows with what is read.
 */
export class Lineage {
  readonly #seen: Fragments;
  readonly #own: Fragments;
  readonly #origins: Origin[] = [];
  readonly #numbers = new Map<string, number>();
  /** By pair, of the result that is being read: most of its fragments are merged alike. */
  readonly #merged = new Map<number, number>();
  #unknown: readonly string[] = [];
  /** Texts of the call that was traced last and has nothing that was read until now. */
  #clean: ReadonlySet<string> = new Set();
  #steered = false;

  constructor(seed: number, most = MAX_FRAGMENTS) {
    this.#seen = new Fragments(seed, most);
    this.#own = new Fragments(~seed, MAX_OWN_FRAGMENTS);
  }

  /** The user's own words, and what a person or a trusted source said. */
  trust(content: JsonValue): void {
    for (const { text } of leafTextsOf(content, { names: true }).leaves) this.#say(text);
  }

  /** The arguments of a call: of what was not read before, the model has it from the user. */
  propose(args: JsonObject): void {
    // SECURITY: what a model says after it was told what to say is not the user's.
    if (this.#steered) return;
    for (const { text } of leafTextsOf(args, {}).leaves) {
      const clean = this.#clean.has(text) || traceText(this.#seen, this.#own, text) === undefined;
      if (clean) this.#say(text);
    }
  }

  /** Reads a labelled result, a piece at each step. Takes time linear in it. */
  *receive({ callId, server, labels, steers, content }: Received): Generator<undefined, void> {
    if (steers) this.#steered = true;
    this.#merged.clear();
    const origin = this.#number({ callId, labels: joinLabels(labels), servers: [server], steers });
    if (origin === undefined) return this.lose(labels);
    const { leaves, complete } = leafTextsOf(content, { names: true });
    if (!complete) this.lose(labels);
    let length = 0;
    for (const { text } of leaves) {
      for (let from = 0; from < text.length; from += PIECE_LENGTH - OVERLAP) {
        const piece = text.slice(from, from + PIECE_LENGTH);
        if (!this.#read(piece, origin)) this.lose(labels);
        length += piece.length;
        if (length >= PIECE_LENGTH) {
          length = 0;
          yield undefined;
        }
        if (from + PIECE_LENGTH >= text.length) break;
      }
    }
  }

  /** Something with these labels was read, and nobody knows what it said. */
  lose(labels: readonly string[]): void {
    if (labels.some((label) => !this.#unknown.includes(label))) {
      this.#unknown = joinLabels(this.#unknown, labels);
    }
  }

  /** Takes labels from everything that was read until now; what is read later has them again. */
  clear(labels: readonly string[]): void {
    if (labels.length === 0) return;
    const kept = (before: readonly string[]) => before.filter((label) => !labels.includes(label));
    this.#unknown = kept(this.#unknown);
    for (const [number, origin] of this.#origins.entries()) {
      this.#origins[number] = { ...origin, labels: kept(origin.labels) };
    }
    // What is read from now on is of another origin, also when it is the same result.
    this.#numbers.clear();
    this.#merged.clear();
    this.#clean = new Set();
  }

  /** Where the arguments of a call come from. Takes time linear in the arguments, whatever was read. */
  trace(call: TracedCall): Omit<TaintFacts, 'declassified'> {
    const { leaves, complete } = leafTextsOf(call.args, { kinds: call.kinds });
    const traced = leaves.map((leaf) => ({ leaf, trace: traceText(this.#seen, this.#own, leaf.text) }));
    this.#clean = new Set(traced.flatMap(({ leaf, trace }) => (trace === undefined ? [leaf.text] : [])));
    const taints = traced.flatMap(({ leaf, trace }) => this.#taint(call, leaf, trace) ?? []);
    // SECURITY: what is nested too deeply to be read is denied elsewhere, and clean nowhere.
    const unfounded = complete ? this.#unfounded(call.server, traced) : '';
    return unfounded === undefined ? { taints } : { taints, unfounded };
  }

  #taint(call: TracedCall, { at, text, kind }: LeafText, trace: Trace | undefined): TaintFact | undefined {
    if (trace === undefined) {
      if (this.#unknown.length === 0 || holds(this.#own, text)) return undefined;
      const use = kind?.kind === 'text' ? 'content' : 'authority';
      return { at, labels: this.#unknown, from: [], agreement: 'unknown', use };
    }
    const origins = [...trace.origins].map((number) => this.#origin(number));
    const labels = joinLabels(...origins.map((origin) => origin.labels));
    // A person has vouched for all that it was called.
    if (labels.length === 0) return undefined;
    return {
      at,
      labels,
      from: [...new Set(origins.map(({ callId }) => callId))].slice(0, MOST_CALLS),
      agreement: trace.agreement,
      use: useOf(call, { text, kind }, trace, origins),
    };
  }

  /** Pointer of what does not follow from what was said before the model was told what to do. */
  #unfounded(
    server: string,
    traced: readonly { readonly leaf: LeafText; readonly trace: Trace | undefined }[],
  ): string | undefined {
    if (!this.#steered) return undefined;
    let founded = false;
    for (const { leaf, trace } of traced) {
      const { at, text, kind } = leaf;
      const own = holds(this.#own, text);
      founded ||= own;
      if (kind?.kind === 'text') {
        if (this.#quotesSteering(text, trace)) return at;
      } else if (!own) {
        if (kind?.kind !== 'id' || !this.#named(server, text)) return at;
        founded = true;
      }
    }
    return founded ? undefined : '';
  }

  /** Whether content repeats what tries to steer the model, and not only words that anybody would use. */
  #quotesSteering(text: string, trace: Trace | undefined): boolean {
    if (trace === undefined || ![...trace.origins].some((number) => this.#origin(number).steers))
      return false;
    return trace.agreement !== 'value' || isDistinctive(wordsOf(text));
  }

  /** Whether the server itself named a thing, in nothing that tries to steer the model. */
  #named(server: string, text: string): boolean {
    const origins = originsOf(this.#seen, text);
    return (
      origins !== undefined &&
      [...origins].every((number) => {
        const { servers, steers } = this.#origin(number);
        return !steers && servers.includes(server);
      })
    );
  }

  #say(text: string): void {
    this.#own.add(wordsOf(text), 0, (before) => before);
  }

  /** False when there was no room for all of it. */
  #read(text: string, origin: number): boolean {
    let complete = true;
    this.#clean = new Set();
    for (const { folded, via } of readingsOf(text)) {
      if (via.some((name) => OF_EVERYTHING.has(name))) continue;
      complete &&= this.#seen.add(splitFolded(folded.text), origin, this.#merge);
    }
    return complete;
  }

  /** The origin of what two results said; while there is room for no more, the first one alone. */
  readonly #merge = (before: number, now: number): number => {
    const pair = before * MAX_ORIGINS + now;
    const known = this.#merged.get(pair);
    if (known !== undefined) return known;
    const first = this.#origin(before);
    const second = this.#origin(now);
    const both = this.#number({
      callId: first.callId,
      labels: joinLabels(first.labels, second.labels),
      servers: joinLabels(first.servers, second.servers),
      steers: first.steers || second.steers,
    });
    if (both === undefined) this.lose(second.labels);
    else this.#merged.set(pair, both);
    return both ?? before;
  };

  #origin(number: number): Origin {
    const origin = this.#origins[number];
    if (origin === undefined) throw new AegisError('INTERNAL', `there is no origin ${number}`);
    return origin;
  }

  #number(origin: Origin): number | undefined {
    const key = JSON.stringify(origin);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#origins.length;
    if (number >= MAX_ORIGINS) return undefined;
    this.#origins.push(origin);
    this.#numbers.set(key, number);
    return number;
  }
}

/** Readings of a whole text that nobody writes by chance: they are tried on arguments, which are short. */
const OF_EVERYTHING: ReadonlySet<string> = new Set([
  'rot13',
  'reversal',
  'morse code',
  'look-alike digits',
  'broken words',
]);

function useOf(
  { server, capabilities }: TracedCall,
  { text, kind }: Pick<LeafText, 'text' | 'kind'>,
  { agreement }: Trace,
  origins: readonly Origin[],
): ArgumentUse {
  if (kind?.kind === 'text') return 'content';
  if (kind?.kind === 'id')
    return origins.every(({ servers }) => servers.includes(server)) ? 'choice' : 'authority';
  const page = kind?.kind === 'url' || (kind === undefined && looksLikeUrl(text));
  // What is fetched as it was quoted carries nothing out.
  const fetched = capabilities.every((capability) => capability === 'net.egress' || onlyReads(capability));
  return page && fetched && agreement === 'value' ? 'choice' : 'authority';
}
