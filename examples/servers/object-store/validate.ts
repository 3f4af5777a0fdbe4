import { parseCsv } from './csv.ts';
import { personalColumn, personalValue } from './personal-data.ts';

/** What keeps a dataset out of gold, in words; empty when nothing does. Values are never repeated. */
export function problemsOf(text: string): string[] {
  const [header, ...records] = parseCsv(text);
  if (header === undefined || header.some((column) => column.trim() === '')) return ['no header'];
  if (header.some((column) => personalValue(column) !== undefined))
    return ['no header: data in the first line'];

  const problems: string[] = [];
  header.forEach((column) => {
    const kind = personalColumn(column);
    if (kind !== undefined) problems.push(`personal data: column \`${column}\` (${kind})`);
  });

  const idColumn = header.findIndex((column) => column.trim().toLowerCase() === 'id');
  if (idColumn === -1) problems.push('no column `id`');
  const seen = new Set<string>();
  records.forEach((record, index) => {
    const line = `record ${index + 1}`;
    if (record.every((field) => field.trim() === '')) {
      problems.push(`${line}: empty`);
      return;
    }
    if (record.length !== header.length)
      problems.push(`${line}: ${record.length} fields, not ${header.length}`);
    const id = record[idColumn];
    if (id !== undefined && seen.has(id)) problems.push(`${line}: duplicate id`);
    if (id !== undefined) seen.add(id);
    record.forEach((field, column) => {
      const name = header[column] ?? String(column + 1);
      const kind = personalColumn(name) === undefined ? personalValue(field) : undefined;
      if (kind !== undefined) problems.push(`${line}: personal data in \`${name}\` (${kind})`);
    });
  });
  if (records.length === 0) problems.push('no records');
  return problems;
}
