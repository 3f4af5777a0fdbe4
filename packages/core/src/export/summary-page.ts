import { printable } from '../printable.ts';
import type { Ranking, Summary } from './summary.ts';
import { timestamp } from './timestamp.ts';

/** A summary as parts that both kinds of pages show. */
interface Part {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function titleOf({ fromMs, toMs }: Summary): string {
  return `Aegis, ${timestamp(fromMs)} to ${timestamp(toMs)}`;
}

function partsOf(summary: Summary): readonly Part[] {
  const { events, sessions, calls, denied, failed, withheld, approvals, changes, moreChanges } = summary;
  const counts = {
    events,
    sessions,
    calls,
    denied,
    failed,
    'results withheld': withheld,
    'approvals asked for': approvals.asked,
    approved: approvals.approved,
    refused: approvals.refused,
  };
  const ranking = (title: string, head: string, ranked: Ranking): Part => ({
    title,
    head: [head, 'count'],
    rows: ranked.map(([name, count]) => [name, String(count)]),
  });
  const more = moreChanges === 0 ? [] : [['', `and ${moreChanges} more`, '', '']];
  const all: readonly Part[] = [
    {
      title: 'Counts',
      head: ['what', 'count'],
      rows: Object.entries(counts).map(([name, n]) => [name, String(n)]),
    },
    ranking('Why calls were denied', 'code', summary.codes),
    ranking('Rules that denied', 'rule', summary.rules),
    ranking('Calls by agent', 'agent', summary.agents),
    ranking('Calls by tool', 'tool', summary.tools),
    {
      title: 'Changes',
      head: ['when', 'what', 'by', 'about'],
      rows: [...changes.map(({ at, type, by, text }) => [at, type, by, text]), ...more],
    },
  ];
  return all.filter(({ rows }) => rows.length > 0);
}

/** A summary in Markdown (CommonMark, with tables as GitHub has them). */
export function summaryMarkdown(summary: Summary): string {
  const parts = partsOf(summary).map(({ title, head, rows }) => {
    const line = (cells: readonly string[]): string => `| ${cells.map(inMarkdown).join(' | ')} |`;
    return `## ${title}\n\n${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
  });
  return `# ${titleOf(summary)}\n\n${parts.join('\n')}`;
}

/** A summary as a page of HTML that loads nothing and runs nothing. */
export function summaryHtml(summary: Summary): string {
  const parts = partsOf(summary).map(({ title, head, rows }) => {
    const line = (cell: string, cells: readonly string[]): string =>
      `<tr>${cells.map((text) => `<${cell}>${inHtml(text)}</${cell}>`).join('')}</tr>`;
    return `<h2>${title}</h2>\n<table>\n${[line('th', head), ...rows.map((row) => line('td', row))].join('\n')}\n</table>`;
  });
  const title = titleOf(summary);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2em .6em;text-align:left}</style>
</head>
<body>
<h1>${title}</h1>
${parts.join('\n')}
</body>
</html>
`;
}

/** SECURITY: names that agents and servers chose are shown, and never read as markup. */
function inHtml(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** SECURITY: the same in Markdown, where a link would be one to click on. */
function inMarkdown(text: string): string {
  if (text === '---') return text;
  return printable(text).replace(/[\\`*_{}[\]()<>#!|~&:@]/g, '\\$&');
}
