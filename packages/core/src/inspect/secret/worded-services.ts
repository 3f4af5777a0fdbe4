import { lastService } from './services.ts';

/** Services whose names are words, or short: only what is assigned to them directly, and drawn, is a key of theirs. */
const NAMES = `
abstract adp affinity affirm aha alloy apideck ashby autopilot awork bamboo banana basin beam booking boomi
box braze bubble buddy buffer bunny ccloud census checkout chromatic circle clarity coin column commodities
concourse convert convex copper crisp crusoe currents customer cyclic ddog deel depot deputy deta dfuse dhl
ditto django doku doodle drift drip drone dune duo earthly enigma envoy eraser exa extractor factorial
fathom finch flat flight float frame front gelato geocod geocode geoipifi getgeo groove groundcover guardian
guru gusto harbor harness heap here hive hiver holiday holistic hume impala inter iterable jasper karma keen
keeper kiwi klipfol knack lark less lever linkup loops luma luno magnetic manifest materialize medium mega
merge missive mite moderation mono mux netcore news nightfall nimble npm nuget nutshell okra orca oura
parabola parsers particle passage percy persona pivotal plausible pocket podio polls porter privacy
protocols radar rapid realm redox remote reply rev roam roaring rows rutter sabre sanity scraper scraping
screenshot sheet squarespace steel stitch streak survey swell tap tenable theodds tigris timezone tink tly
tomorrow toss tru twil twist umami unify unplu unstructured ups vellum verifier vero vpn whereby wise wit
wiz woodpecker workable workday zip zipcode
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
