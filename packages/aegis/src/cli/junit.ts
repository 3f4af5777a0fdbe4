import type { CaseResult, PolicyCase } from '@aegis/core';

/** Results of cases as JUnit XML, in the form that CI servers read. */
export function junitReport(tried: readonly (CaseResult & { readonly policyCase: PolicyCase })[]): string {
  const failures = tried.filter(({ differences }) => differences.length > 0).length;
  const cases = tried.map(({ policyCase: { name, at }, differences }) => {
    const head = `    <testcase classname="${escaped(at.file)}" name="${escaped(name)}"`;
    if (differences.length === 0) return `${head}/>`;
    const text = differences
      .map(({ what, expected, found }) => `${what}: expected ${expected}, found ${found}`)
      .join('\n');
    return `${head}>\n      <failure message="${escaped(text.split('\n')[0] ?? '')}">${escaped(text)}</failure>\n    </testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="policy" tests="${tried.length}" failures="${failures}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** XML 1.0 has no control characters but tab, line feed and carriage return, and no lone surrogates. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
}
