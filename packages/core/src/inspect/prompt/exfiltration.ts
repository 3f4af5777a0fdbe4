import type { Severity } from '../../model/finding.ts';
import { originOf } from '../text/mapped-text.ts';
import type { Reading } from '../text/readings.ts';
import type { Direction } from './direction.ts';
import type { TextFinding } from './text-finding.ts';

/**
 * Links and images that carry data away when they are shown or followed: a picture whose address has a long
 * encoded parameter or a place to fill in, a link to a collector of requests. Takes time linear in the text.
 */
export function findExfiltration(reading: Reading, direction: Direction): readonly TextFinding[] {
  if (reading.glued) return [];
  const { text } = reading.written;
  const findings: TextFinding[] = [];
  if (!text.includes('://')) return findings;
  let count = 0;
  for (const match of text.matchAll(URL)) {
    if (++count > MOST_URLS) break;
    // `?d=<conversation>`: a place to fill in is a part of the address, although its brackets end one.
    const behind = text.slice(match.index + match[0].length, match.index + match[0].length + 80);
    const place = PLACE.exec(behind);
    const url = match[0] + (place?.[0] ?? '');
    const judged =
      COMPOSED.test(behind) && url.includes('=')
        ? COMPOSED_LINK
        : judge(url, text.slice(Math.max(0, match.index - BEFORE), match.index), direction);
    if (judged === undefined) continue;
    const span = originOf(reading.written, { start: match.index, end: match.index + url.length });
    findings.push({ ...judged, at: '', capability: 'net.egress', span });
  }
  return findings;
}

const PLACE = /^<[\w -]{2,30}>/;
/** An address that is to be put together with what the reader knows. */
const COMPOSED =
  /^["'`)]{0,2},? ?(?:followed by|plus|and then|with|\+|joined (?:with|by)|and append|appended (?:with|by)|completed (?:with|by)) (?:the |your |their |all |its )?(?:\w{1,15} ){0,2}(?:e-?mail|name|key|token|password|conversation|messages?|chat|data|contents?|secret|summary|text|address|history|prompt|cookies?|id|number)s?\b/i;
const COMPOSED_LINK = {
  id: 'prompt.link_leak',
  severity: 'high',
  message: 'holds a link whose address asks for data',
} as const;
const MOST_URLS = 2000;
const BEFORE = 200;

// Linear: one bounded class after a fixed word.
const URL = /https?:\/\/[^\s"'<>)\]\\`]{4,2000}/gi;

type Judged = { readonly id: string; readonly severity: Severity; readonly message: string };

function judge(url: string, before: string, direction: Direction): Judged | undefined {
  const image =
    /[("'=]$/.test(before) &&
    /!\[[^\]]{0,160}\]\($|<(?:img|image|iframe|script|link)\b[^<>]{0,160}(?:src|href)\s?=\s?["']?$/i.test(
      before,
    );
  const query = url.slice(Math.max(url.indexOf('?'), url.indexOf('#')) + 1);
  const hasQuery = query.length < url.length;
  const place = hasQuery && TO_FILL_IN.test(query);
  if (image && (place || (hasQuery && ANY_PLACE.test(query)) || IN_PATH.test(url))) {
    return {
      id: 'prompt.image_leak',
      severity: 'high',
      message: 'holds a picture whose address asks for data',
    };
  }
  if (image && hasQuery && ENCODED.test(query)) {
    const severity = TELLING.test(query) ? 'high' : 'medium';
    return { id: 'prompt.image_leak', severity, message: 'holds a picture whose address carries data' };
  }
  if (COLLECTOR.test(url)) {
    const severity = direction === 'request' ? 'low' : 'medium';
    return { id: 'prompt.collector', severity, message: 'names a service that collects requests' };
  }
  if (place)
    return {
      id: 'prompt.link_leak',
      severity: 'medium',
      message: 'holds a link whose address asks for data',
    };
  return undefined;
}

/** A parameter that is to be filled in with what the reader knows. */
const TO_FILL_IN =
  /=(?:\{\{?|\$\{|%7b|\[|<|%3c|%5b)?_?(?:data|secret|secrets|token|api_?key|password|conversation|history|context|user_?data|user_?info|message|messages|content|contents|summary|system_?prompt|prompt|env|cookies?|here|insert[a-z_-]{0,20}|base64[a-z_-]{0,20}|encoded[a-z_-]{0,20}|your[a-z_-]{0,20}|stolen[a-z_-]{0,20})_?(?:\}|%7d|\]|>|%3e|%5d|here|&|$)/i;
/** A parameter that says in brackets what is to stand there. */
const ANY_PLACE = /=(?:\{\{?|\$\{|%7b|\[|<|%3c|%5b)[\w -]{3,60}(?:\}|%7d|\]|>|%3e|%5d|$)/i;
/** A part of the path that says in brackets what is to stand there. */
const IN_PATH = /^https?:\/\/[^/?#]{1,120}\/[^?#]{0,120}[[{<][A-Za-z][\w -]{2,40}[\]}>]?$/;
/** A parameter with a long value in an encoding. */
const ENCODED = /=[a-z0-9+/_%-]{32}/i;
const TELLING = /(?:^|&)(?:d|data|q|payload|exfil|leak|secret|log|msg|content|c|info|x|p)=/i;
const COLLECTOR =
  /^https?:\/\/(?:[a-z0-9-]{1,63}\.){0,4}(?:webhook\.site|requestbin\.(?:com|net)|pipedream\.net|ngrok\.io|ngrok-free\.app|ngrok\.app|burpcollaborator\.net|oastify\.com|interact\.sh|oast\.(?:pro|live|site|online|fun|me)|requestcatcher\.com|beeceptor\.com|hookbin\.com|dnslog\.cn|ceye\.io|canarytokens\.com|trycloudflare\.com|transfer\.sh|file\.io|0x0\.st|pastebin\.com\/api)/i;
