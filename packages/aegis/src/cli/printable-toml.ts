/** TOML in which nothing moves a cursor or turns the reading direction: such characters are escaped, not lost. */
export function printableToml(toml: string): string {
  return toml.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16);
    return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
}
