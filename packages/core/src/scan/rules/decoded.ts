const BASE64 = /^[A-Za-z0-9+/_-]{40,}={0,2}$/;
const HEX = /^(?:[0-9a-fA-F]{2}){20,}$/;

/** Most characters of an encoded text that are decoded. */
const MOST = 16_384;

/** The beginning of what a base64 text (RFC 4648) stands for, as Latin-1; undefined when it is none. */
export function decodedBase64(text: string): string | undefined {
  const joined = text.includes('\n') ? text.slice(0, MOST).replaceAll(/\s/g, '') : text.slice(0, MOST);
  if (!BASE64.test(joined) || !/[a-z]/.test(joined) || !/[A-Z]/.test(joined) || !/\d|[+/]/.test(joined))
    return undefined;
  let bits = 0;
  let held = 0;
  let decoded = '';
  for (const unit of joined) {
    const value = ALPHABET.indexOf(unit === '-' ? '+' : unit === '_' ? '/' : unit);
    if (value < 0) break;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      decoded += String.fromCharCode((held >> bits) & 0xff);
    }
  }
  return decoded;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The beginning of what a text of hexadecimal digits stands for, as Latin-1; undefined when it is none. */
export function decodedHex(text: string): string | undefined {
  const start = text.slice(0, MOST);
  if (!HEX.test(start)) return undefined;
  return start.replaceAll(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));
}

// Linear: fixed words.
const CODE =
  /\b(?:import (?:os|sys|socket|subprocess)|require\(|eval\(|exec\(|child_process|subprocess|os\.system|\/bin\/(?:ba)?sh|bash -[ic]|curl |wget |powershell|https?:\/\/|function\s?\(|=>|process\.env|socket\.)/;

/** Whether a decoded text is one that runs, or leads somewhere. */
export function looksLikeCode(decoded: string): boolean {
  const start = decoded.slice(0, 4096);
  let printable = 0;
  for (let at = 0; at < start.length; at++) {
    const unit = start.charCodeAt(at);
    if (unit === 9 || unit === 10 || unit === 13 || (unit >= 32 && unit < 127)) printable++;
  }
  return start.length > 0 && printable / start.length > 0.95 && CODE.test(start);
}

/** Beginnings, in base64, of pictures, fonts, archives, WebAssembly and certificates. */
const BINARY =
  /^(?:iVBORw0KGgo|R0lGOD|\/9j\/|UklGR|PHN2Zy|PD94bWwg|AAABAA|Qk[0-9A-Za-z]|d09G|AAEAAAA|T1RUTw|AGFzbQ|UEsDB|H4sI|JVBERi|MII[A-Za-z]|SUkq|TU0AK)/;

export function meansBinary(text: string): boolean {
  return BINARY.test(text);
}
