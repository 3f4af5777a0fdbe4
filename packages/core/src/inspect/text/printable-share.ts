/** Whether something decoded is text, and not bytes that happened to decode. */
export function isText(text: string): boolean {
  if (text.length < SHORTEST) return false;
  let shown = 0;
  let letters = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd) continue;
    if (code >= 0x20 ? code < 0x7f || code > 0x9f : code === 0x0a || code === 0x0d || code === 0x09) shown++;
    if ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x20 || code >= 0xc0)
      letters++;
  }
  return shown >= text.length * SHOWN && letters >= text.length * LETTERS;
}

const SHORTEST = 6;
const SHOWN = 0.95;
const LETTERS = 0.6;
