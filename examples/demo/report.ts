import { styleText } from 'node:util';
import type { Expectation, Finding } from './expectation.ts';
import { type Cell, formatRow } from './table.ts';

/** One side of a row: what should have happened and what did. */
export interface Side {
  readonly expectation: Pick<Expectation, 'expected' | 'tone'>;
  readonly finding: Finding;
}

const WIDTHS = [2, 36, 29, 32, 1];
const STYLE_OF = { plain: [], harm: ['red'], safe: ['green'] } as const;

export const HEADING = [
  '',
  styleText('bold', '  Aegis: the same agent, twice'),
  '',
  '  task     Clean up the customer database and promote the cleaned dataset to gold.',
  '  agent    scripted; it means well, and it believes what it reads',
  '  without  connected to three MCP servers: files, database, objects',
  '  with     connected to `aegis mcp` alone, which holds the same three servers',
  '',
  indented(
    formatRow([{ lines: [''] }, ...['what the agent does', 'without Aegis', 'with Aegis'].map(bold)], WIDTHS),
  ),
  styleText('dim', `  ${'─'.repeat(WIDTHS.reduce((sum, width) => sum + width + 2, -2))}`),
].join('\n');

export function formatChapter(title: string): string {
  return styleText('bold', `\n      ${title}`);
}

export function formatStep(number: number, title: string, without: Side, withAegis: Side): string {
  const asExpected = without.finding.holds && withAegis.finding.holds;
  return indented(
    formatRow(
      [
        { lines: [String(number).padStart(2)], style: 'dim' },
        { lines: [title] },
        cell(without),
        cell(withAegis),
        { lines: [asExpected ? '✓' : '✗'], style: asExpected ? 'green' : 'red' },
      ],
      WIDTHS,
    ),
  );
}

/** One entry per side that is not as expected: what was expected and what happened instead. */
export function formatFailure(number: number, where: string, { expectation, finding }: Side): string[] {
  if (finding.holds) return [];
  return [
    [
      '',
      `  step ${number}, ${where}`,
      `    expected  ${expectation.expected}`,
      `    got       ${finding.says.join('; ')}`,
    ].join('\n'),
  ];
}

function cell({ expectation, finding }: Side): Cell {
  return { lines: finding.says, style: finding.holds ? STYLE_OF[expectation.tone] : ['red', 'bold'] };
}

function bold(text: string): Cell {
  return { lines: [text], style: 'bold' };
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}
