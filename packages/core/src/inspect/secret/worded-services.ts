import { lastService } from './services.ts';

/** Services whose names are words, or short: only what is assigned to them directly, and drawn, is a key of theirs. */
const NAMES = `
abstract aha apideck autopilot awork box braze checkout chromatic ccloud circle coin column commodities convert
copper currents customer ddog deputy dfuse ditto django duo enigma envoy eraser extractor flat flight float frame
front geocod geocode geoipifi getgeo groove guardian guru hive holiday holistic impala inter iterable
karma keen klipfol lark less luno magnetic manifest materialize mite moderation mux netcore news nightfall
nimble npm nuget parsers particle percy pivotal podio polls privacy protocols rapid reply rev roaring
sanity scraper scraping screenshot sheet squarespace streak survey swell tenable theodds timezone tly
tomorrow tru twil twist unify unplu verifier vpn wit wiz zipcode
`;

const SERVICES: ReadonlySet<string> = new Set(NAMES.trim().split(/\s/));

/** Whether a text ends with the name of such a service and a sign of assignment: `box = "`, `"duo_api": "`. */
export function endsWithWordedService(before: string): boolean {
  const name = DIRECT.exec(before.slice(-REACH))?.[1];
  return name !== undefined && SERVICES.has(name.toLowerCase());
}

/** Whether a service of either kind is named in a short text: `float_key`, `boxSecret`, `my datadog key`. */
export function namesService(text: string): boolean {
  if (lastService(text) !== undefined) return true;
  return text.match(WORDS)?.some((word) => SERVICES.has(word.toLowerCase())) === true;
}

const WORDS = /[A-Z]?[a-z]{1,24}|[A-Z]{1,24}(?![a-z])/g;
const REACH = 40;
// Linear: read on a short text, from its end.
const DIRECT =
  /(?:^|[^\w.@/-])([a-z]{3,12})(?:[_-](?:api|app|io))?["'`]?\s{0,2}(?:=>|:=|[=:|])\s{0,2}["'`]?$/i;
