/** A URI template (RFC 6570) as far as routing needs it: its literal parts, in order. */
export interface TemplateShape {
  readonly literals: readonly string[];
}

export function templateShape(template: string): TemplateShape {
  return { literals: template.split(/\{[^{}]*\}/) };
}

/**
 * Whether a URI may come from a template: its literal parts appear in order, with the first and the last
 * at the ends. Wider than RFC 6570, because it only finds the server that is asked; policy judges the
 * URI itself. Linear in the URI.
 */
export function matchesTemplate({ literals }: TemplateShape, uri: string): boolean {
  const [first = '', ...rest] = literals;
  const last = rest.pop();
  if (last === undefined) return uri === first;
  if (!uri.startsWith(first) || !uri.endsWith(last)) return false;
  const end = uri.length - last.length;
  let at = first.length;
  for (const literal of rest) {
    const found = uri.indexOf(literal, at);
    if (found === -1) return false;
    at = found + literal.length;
  }
  return at <= end;
}

/** How many characters a template fixes: of two that match, the one that fixes more is meant. */
export function fixedChars({ literals }: TemplateShape): number {
  return literals.reduce((sum, literal) => sum + literal.length, 0);
}
