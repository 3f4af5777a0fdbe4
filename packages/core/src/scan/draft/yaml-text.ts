/** A text as YAML 1.2 on one line: plain where that says the same, else in double quotes. */
export function yamlText(text: string): string {
  return PLAIN.test(text) && !RESERVED.test(text) ? text : quoted(text);
}

/** A list on one line. */
export function yamlList(items: readonly string[]): string {
  return `[${items.map(yamlText).join(', ')}]`;
}

/** Behind `#`, for one line. */
export function yamlComment(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}

const PLAIN = /^[A-Za-z_/][\w./-]{0,200}$/;
/** What YAML, or YAML 1.1, takes for something else than a text. */
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n|nan|inf)$/i;

/** The escapes of JSON are those of YAML's double quotes. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u00a0\u2028\u2029\ufeff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
