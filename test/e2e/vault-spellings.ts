/** Every way of writing a credential that is looked for, by name: as it is, and as encodings and disguises have it. */
export function spellingsOf(value: string): Readonly<Record<string, string>> {
  const bytes = Buffer.from(value);
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return {
    verbatim: value,
    base64: base64(value),
    'base64 behind one character': base64(`:${value}`),
    'base64 behind two characters': base64(`u:${value}`),
    base64url: bytes.toString('base64url'),
    hex: bytes.toString('hex'),
    'upper case hex': bytes.toString('hex').toUpperCase(),
    percent: Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    escapes: Array.from(value, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    spaced: [...value].join(' '),
    dashed: [...value].join('-'),
  };
}

/** Looks for values in a text, however they are spelled there: gives the names of the spellings that were found. */
export function lookedThrough(text: string): (value: string) => readonly string[] {
  // Unescaped as well: what is JSON in JSON has its backslashes twice.
  const texts = [text, text.replaceAll('\\\\', '\\'), text.replaceAll(/[\s-]/g, '')];
  return (value) =>
    Object.entries(spellingsOf(value)).flatMap(([name, spelling]) => {
      // Of base64 behind other characters, what does not hold bits of a neighbour.
      const inner = name.includes('behind')
        ? spelling.slice(4, -4)
        : spelling.replace(/=+$/, '').slice(0, -1);
      return texts.some((one) => one.includes(inner)) ? [name] : [];
    });
}
