import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findPersonalData } from '../../../src/inspect/pii/find-personal-data.ts';
import { NATIONAL_IDS } from '../../../src/inspect/pii/national/national-ids.ts';
import { PII_KINDS, type PiiKind } from '../../../src/policy/rule.ts';

// Labelled cases that are measured, not kept: beside the repository when they are there.
const CORPORA = new URL('../../../../../../shared/corpora/', import.meta.url);
const present = existsSync(CORPORA);

interface GoldSpan {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

interface Row {
  readonly label: string;
  readonly input: { readonly text?: string; readonly value?: string };
  readonly expect?: {
    readonly spans?: readonly GoldSpan[];
    readonly format?: string;
    readonly country?: string;
    readonly args?: unknown;
  };
}

function rows(file: string): readonly Row[] {
  const lines = readFileSync(new URL(file, CORPORA), 'utf8').trim().split('\n');
  return lines.map((line): Row => JSON.parse(line));
}

const GOLD: Readonly<Record<string, PiiKind>> = {
  EMAIL_ADDRESS: 'email',
  PHONE_NUMBER: 'phone',
  CREDIT_CARD: 'card',
  IBAN_CODE: 'iban',
  US_SSN: 'ssn',
  IP_ADDRESS: 'ip',
};

/** Recall counts exact spans; precision counts what touches a gold span of its kind. */
function score(file: string) {
  const scores = Object.fromEntries(
    PII_KINDS.map((kind) => [kind, { gold: 0, exact: 0, found: 0, right: 0 }]),
  );
  const of = (kind: PiiKind) => scores[kind] ?? { gold: 0, exact: 0, found: 0, right: 0 };
  for (const { input, expect: expected } of rows(file)) {
    const found = findPersonalData(input.text ?? '', PII_KINDS);
    const gold = (expected?.spans ?? []).filter(({ type }) => type in GOLD);
    for (const span of gold) {
      const kind = GOLD[span.type] as PiiKind;
      of(kind).gold++;
      if (found.some((f) => f.kind === kind && f.start === span.start && f.end === span.end))
        of(kind).exact++;
    }
    for (const { kind, start, end } of found) {
      of(kind).found++;
      if (gold.some((g) => GOLD[g.type] === kind && g.start < end && start < g.end)) of(kind).right++;
    }
  }
  return scores;
}

/** What that library calls the numbers that are known here. */
const STDNUM: Readonly<Record<string, string>> = Object.fromEntries(
  `gb/nino gb.nino gb/nhs gb.nhs gb/utr gb.utr ie/pps ie.pps de/idnr de.idnr de/svnr de.svnr at/vnr at.svnr ch/ssn ch.ahv
  fr/nir fr.nir fr/nif fr.nif be/nn be.nn be/bis be.nn nl/bsn nl.bsn es/dni es.dni es/nie es.nie es/nss es.nss pt/nif pt.nif
  pt/cc pt.cc it/codicefiscale it.codice_fiscale se/personnummer se.personnummer no/fodselsnummer no.fodselsnummer
  dk/cpr dk.cpr fi/hetu fi.hetu ee/ik ee.isikukood lt/asmens ee.isikukood lv/pvn lv.personas_kods pl/pesel pl.pesel
  pl/nip pl.nip cz/rc cz.rodne_cislo ro/cnp ro.cnp bg/egn bg.egn gr/amka gr.amka gr/vat gr.afm hr/oib hr.oib ru/inn ru.inn
  ua/rntrc ua.rnokpp tr/tckimlik tr.kimlik br/cpf br.cpf br/cnpj br.cnpj ca/sin ca.sin mx/curp mx.curp mx/rfc mx.rfc
  ar/cuit ar.cuit cl/rut cl.rut ec/ci ec.cedula uy/cedula uy.cedula do/cedula do.cedula pe/ruc pe.ruc in/aadhaar in.aadhaar
  in/pan in.pan in/vid in.vid cn/ric cn.resident_id kr/rrn kr.rrn jp/in jp.my_number tw/ui tw.id hk/hkid hk.hkid
  sg/nric sg.nric my/nric my.nric th/tin th.id th/moa th.id pk/cnic pk.cnic il/idnr il.id au/tfn au.tfn nz/ird nz.ird
  za/idnr za.id ca/bc_bhn ca.bc_health gt/cui gt.cui co/nit co.nit ve/rif ve.rif in/epic in.epic lk/nic lk.nic mu/nid mu.nid
  ao/bi ao.bi mz/bi mz.bi gh/tin gh.tin sv/nit sv.nit bo/ci bo.ci de/stnr de.stnr`
    .split(/\s+/)
    .reduce<[string, string][]>((pairs, word, at, words) => {
      if (at % 2 === 0) pairs.push([word, words[at + 1] ?? '']);
      return pairs;
    }, []),
);

/** Share of the values of a format that are taken as a whole to be of a kind. */
function taken(file: string, format: string, kind: PiiKind, label: string): number {
  // Rows with options ask for other readings of the same value.
  const values = rows(file).filter(
    (row) => row.expect?.format === format && row.label === label && (row.expect.args ?? null) === null,
  );
  const hits = values.filter(({ input: { value = '' } }) =>
    findPersonalData(value, PII_KINDS).some((f) => f.kind === kind && f.end - f.start === value.length),
  );
  expect(values.length).toBeGreaterThan(0);
  return hits.length / values.length;
}

const FLOORS: readonly (readonly [file: string, recall: Readonly<Partial<Record<PiiKind, number>>>])[] = [
  ['pii-presidio-research/generated_large.jsonl', { phone: 0.97 }],
  ['pii-presidio-research/synth_v2.jsonl', { card: 0.97 }],
];

describe.skipIf(!present)(`personal data in labelled corpora${present ? '' : ' (not present)'}`, () => {
  it.each(FLOORS)('is found in %s with the recall and precision that were reached', (file, recall) => {
    const below = Object.entries(score(file)).filter(
      ([kind, { gold, exact, found, right }]) =>
        gold > 0 && !(exact / gold >= (recall[kind as PiiKind] ?? 1) && right === found),
    );
    expect(below).toEqual([]);
  });

  it('takes international telephone numbers of all countries', () => {
    expect(taken('pii-phone/cases.jsonl', 'PHONE', 'phone', 'positive')).toBeGreaterThanOrEqual(0.99);
  });

  it.each([
    ['EMAIL', 'email', 1, 0.1],
    ['IBAN', 'iban', 1, 0],
    ['CREDIT_CARD', 'card', 1, 0],
  ] as const)('judges bare values of %s like another validator', (format, kind, positive, negative) => {
    const file = 'pii-validatorjs/cases.jsonl';
    expect(taken(file, format, kind, 'positive')).toBeGreaterThanOrEqual(positive);
    expect(taken(file, format, kind, 'negative')).toBeLessThanOrEqual(negative);
  });

  it('judges bare national numbers like another library', () => {
    const judged = rows('pii-stdnum/cases.jsonl').flatMap(
      ({ label, input: { value = '' }, expect: wanted }) => {
        const id = NATIONAL_IDS.find(({ of }) => of === STDNUM[`${wanted?.country}/${wanted?.format}`]);
        const compact = value.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase();
        // Some rows hold a piece of the program that they were taken from.
        if (id === undefined || /[\n(=]/.test(value)) return [];
        const taken = id.shape.test(compact) && id.check?.(compact) !== false;
        return [taken === (label === 'positive')];
      },
    );
    expect(judged.length).toBeGreaterThan(90);
    expect(judged.filter(Boolean).length / judged.length).toBeGreaterThanOrEqual(0.92);
  });

  it.each([
    ['sql-benign-queries/cases.jsonl', 0],
    ['path-traversal/cases.jsonl', 0],
    ['jailbreakbench/cases.jsonl', 0],
    // A card and an identity number of other finders' tests.
    ['secrets-hard-negatives/cases.jsonl', 2],
    ['tldr/cases.jsonl', 0],
    ['nl2bash/cases.jsonl', 0],
  ])('finds no numbers of people in %s, where there are none', (file, most) => {
    // Addresses of machines and of people are really there; card numbers and the like are not.
    const kinds = ['card', 'iban', 'ssn', 'national_id', 'phone'];
    const found = rows(file).flatMap(({ input }) =>
      Object.values(input).flatMap((value) =>
        typeof value === 'string' ? findPersonalData(value, kinds).map(({ kind }) => kind) : [],
      ),
    );
    expect(found.length).toBeLessThanOrEqual(most);
  });
});
