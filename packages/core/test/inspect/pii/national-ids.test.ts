import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPersonalData } from '../../../src/inspect/pii/find-personal-data.ts';
import { nationalIdOf } from '../../../src/inspect/pii/national/find-national-ids.ts';
import { idsOf, NATIONAL_IDS } from '../../../src/inspect/pii/national/national-ids.ts';
import { PII_KINDS } from '../../../src/policy/rule.ts';
import { marked, unmarked } from './marked-text.ts';

/** One number of each kind that nobody has to have, as it is written, and what stands before it. */
const NUMBERS: readonly (readonly [of: string, written: string, words: string])[] = [
  ['gb.nino', 'JG 10 37 59 A', 'national insurance'],
  ['gb.nhs', '943 476 5919', 'NHS'],
  ['gb.utr', '1955839661', 'UTR'],
  ['ie.pps', '6433435FT', 'PPS'],
  ['de.idnr', '36 574 261 809', 'Steuer-ID'],
  ['de.svnr', '15 070649 C 103', 'Rentenversicherungsnummer'],
  ['de.ausweis', 'L01X00T471', 'Personalausweis'],
  ['at.svnr', '1237 010180', 'Sozialversicherungsnummer'],
  ['ch.ahv', '756.9217.0769.85', 'AHV-Nr.'],
  ['fr.nir', '2 95 10 99 126 111 93', 'sécurité sociale'],
  ['fr.nif', '30 23 217 600 053', 'numéro fiscal'],
  ['be.nn', '85.07.30-033.28', 'rijksregisternummer'],
  ['nl.bsn', '111222333', 'BSN'],
  ['es.dni', '54362315-K', 'DNI'],
  ['es.nie', 'X-5253868-R', 'NIE'],
  ['es.nss', '28 1234567840', 'Seguridad Social'],
  ['pt.nif', '501964843', 'contribuinte'],
  ['pt.cc', '00000000 0 ZZ4', 'Cartão de Cidadão'],
  ['it.codice_fiscale', 'RCCMNL83S18D969H', 'codice fiscale'],
  ['lu.nin', '1985041220880', 'matricule'],
  ['de.stnr', '14/203/31601', 'Steuernummer'],
  ['se.personnummer', '880320-0016', 'personnummer'],
  ['no.fodselsnummer', '151086 95088', 'fødselsnummer'],
  ['dk.cpr', '211062-5629', 'CPR'],
  ['is.kennitala', '450401-3150', 'kennitala'],
  ['fi.hetu', '131052-308T', 'henkilötunnus'],
  ['ee.isikukood', '36805280109', 'isikukood'],
  ['lv.personas_kods', '161175-19997', 'personas kods'],
  ['pl.pesel', '44051401359', 'PESEL'],
  ['pl.nip', '856-734-62-15', 'NIP'],
  ['cz.rodne_cislo', '710319/2745', 'rodné číslo'],
  ['hu.taj', '348 826 861', 'TAJ'],
  ['hu.adoazonosito', '8168882148', 'adóazonosító'],
  ['ro.cnp', '1630615123457', 'CNP'],
  ['bg.egn', '7523169263', 'ЕГН'],
  ['gr.amka', '01013099997', 'ΑΜΚΑ'],
  ['gr.afm', '094259216', 'ΑΦΜ'],
  ['hr.oib', '33392005961', 'OIB'],
  ['rs.jmbg', '0101006500006', 'JMBG'],
  ['ru.snils', '112-233-445 95', 'СНИЛС'],
  ['ru.inn', '500100732259', 'ИНН'],
  ['ua.rnokpp', '1759013776', 'РНОКПП'],
  ['tr.kimlik', '17291716060', 'T.C. Kimlik No'],
  ['pl.dowod', 'ABA928110', 'dowód osobisty'],
  ['bg.lnc', '6812206304', 'ЛНЧ'],
  ['si.davcna', '59143304', 'davčna številka'],
  ['hu.szemelyi', '1-850412-0777', 'személyi szám'],
  ['md.idnp', '2917722415051', 'IDNP'],
  ['by.in', '3120485A012PB5', 'личный номер'],
  ['us.itin', '912-90-3456', 'ITIN'],
  ['us.mbi', '1EG4-TE5-MK73', 'Medicare'],
  ['ca.sin', '046-454-286', 'SIN'],
  ['mx.curp', 'MASI050805MVZRLRA8', 'CURP'],
  ['mx.rfc', 'GODE561231GR8', 'RFC'],
  ['br.cpf', '390.533.447-05', 'CPF'],
  ['br.cnpj', '16.727.230/0001-97', 'CNPJ'],
  ['ar.cuit', '20-05536168-2', 'CUIT'],
  ['cl.rut', '12.531.909-2', 'RUT'],
  ['ec.cedula', '1714307103', 'cédula'],
  ['uy.cedula', '1.234.567-2', 'cédula'],
  ['do.cedula', '001-1391820-5', 'cédula'],
  ['pe.ruc', '10703044684', 'RUC'],
  ['ca.bc_health', '9698 658 215', 'personal health number'],
  ['gt.cui', '1580 35224 0101', 'CUI'],
  ['co.nit', '213.123.432-1', 'NIT'],
  ['ve.rif', 'V-11470283-4', 'RIF'],
  ['sv.nit', '0614-050707-001-1', 'NIT'],
  ['bo.ci', '5555555-PT', 'cédula'],
  ['in.aadhaar', '2341 2341 2346', 'Aadhaar'],
  ['in.pan', 'ACUPA7085R', 'PAN'],
  ['in.vid', '3035 4136 1491 7626', 'Aadhaar VID'],
  ['cn.resident_id', '11010519491231002X', '身份证'],
  ['kr.rrn', '971013-9019902', '주민등록번호'],
  ['jp.my_number', '1234 5678 9018', 'マイナンバー'],
  ['tw.id', 'A123456789', '身分證字號'],
  ['hk.hkid', 'G123456(A)', 'HKID'],
  ['sg.nric', 'S1234567D', 'NRIC'],
  ['my.nric', '770305-02-1234', 'MyKad'],
  ['id.nik', '3171011708450001', 'NIK'],
  ['th.id', '1-2345-45678-78-1', 'บัตรประชาชน'],
  ['pk.cnic', '34201-0891231-8', 'CNIC'],
  ['il.id', '039337423', 'Teudat Zehut'],
  ['au.tfn', '123 456 782', 'TFN'],
  ['au.medicare', '2123 45670 1', 'Medicare'],
  ['nz.ird', '49-091-850', 'IRD'],
  ['za.id', '8001015009087', 'SA ID number'],
  ['in.epic', 'WKH1186253', 'voter card'],
  ['lk.nic', '942281632V', 'NIC'],
  ['mu.nid', 'M090497290349B', 'NID'],
  ['ae.emirates_id', '784-1985-0034321-9', 'Emirates ID'],
  ['sa.id', '1174774677', 'iqama'],
  ['kw.civil_id', '285041247255', 'Civil ID'],
  ['ir.kod_melli', '6731605638', 'کد ملی'],
  ['kz.iin', '850412349534', 'ИИН'],
  ['uz.pinfl', '31204850415247', 'ПИНФЛ'],
  ['gh.tin', 'P0088295435', 'TIN'],
  ['ao.bi', '007128828LA043', 'bilhete de identidade'],
  ['mz.bi', '100104946669B', 'bilhete de identidade'],
];

/** How a number is found: what is told of it, and how much of the text that is. */
function told(text: string): readonly string[] {
  return findPersonalData(text, ['national_id']).map(
    ({ of, start, end }) => `${of} ${text.slice(start, end)}`,
  );
}

describe('national numbers', () => {
  it('are all in the table of examples', () => {
    expect(NUMBERS.map(([of]) => of)).toEqual(NATIONAL_IDS.map(({ of }) => of));
  });

  it.each(NUMBERS)('are found beside a word that says what they are: %s', (of, written, words) => {
    expect(told(`my ${words}: ${written}, as asked`)).toEqual([`${of} ${written}`]);
    expect(told(`(${words} ${written})`)).toEqual([`${of} ${written}`]);
  });

  it.each(NUMBERS)('are found by themselves in their own spelling alone: %s', (of, written) => {
    const { alone } = NATIONAL_IDS.find((id) => id.of === of) ?? {};
    const found = alone?.test(written) === true ? [`${of} ${written}`] : [];
    expect(told(`it is ${written}, as you asked`)).toEqual(found);
  });

  it.each(NUMBERS)('are known where their field says already that they are one: %s', (_, written) => {
    expect(nationalIdOf(written)).toBeDefined();
    expect(nationalIdOf(` ${written.toLowerCase()}\n`)).toBeDefined();
    expect(nationalIdOf(`is ${written} mine`)).toBeUndefined();
  });

  it.each(NUMBERS)('are refused with a digit changed, where they have a check: %s', (of, written) => {
    const unchecked = [
      'gb.nino',
      'dk.cpr',
      'us.itin',
      'us.mbi',
      'mx.rfc',
      'in.pan',
      'kr.rrn',
      'my.nric',
      'id.nik',
      'pk.cnic',
      'lk.nic',
      'de.stnr',
      'by.in',
      'sv.nit',
      'bo.ci',
      'ao.bi',
      'mz.bi',
    ];
    const compact = written.replaceAll(/[^A-Za-z0-9]/g, '');
    let changes = 0;
    let accepted = 0;
    for (const [at, digit] of [...compact].entries()) {
      if (!/\d/.test(digit)) continue;
      for (let other = 0; other < 10; other++) {
        if (String(other) === digit) continue;
        changes++;
        const changed = compact.slice(0, at) + other + compact.slice(at + 1);
        if (idsOf(changed).some((id) => id.of === of)) accepted++;
      }
    }
    if (unchecked.includes(of)) expect(accepted).toBeGreaterThan(0);
    // Places and parts of dates are covered by no check digit.
    else expect(accepted / changes).toBeLessThan(0.25);
  });

  it.each([
    ['a number of one country, divided as it is never divided there', '175-9013776'],
    ['a number of thirteen digits that only has the length', '1680352240101'],
    ['one digit over and over', '11111111111'],
  ])('%s is none, even where the field says that it is one', (_, written) => {
    expect(nationalIdOf(written)).toBeUndefined();
  });

  it('takes the name of a field for the word', () => {
    expect(marked('44051401359', PII_KINDS, 'pesel')).toBe('«national_id:44051401359»');
    expect(marked('123456782', PII_KINDS, 'taxFileNumber')).toBe('«national_id:123456782»');
    expect(marked('44051401359', PII_KINDS, 'orderId')).toBe('44051401359');
  });

  it.each([
    'order 44051401359 and 9434765919, sku 12345678Q, build 20240131.1234',
    'at 1700000000000 ms, 123456782 rows, ean 4006381333931, ISBN 978-3-16-148410-0',
    'commit 12345678a, id 2a10c4e6-9f1b-4c2d-8e3f-0123456789ab, AB123456CD, X-12345678-Z',
    'https://example.com/orders/390533447-05 and $390.533.447-05, v1.234.567-2',
    '2024-01-31 10:30:45 +0200; 192.168.1.10; 10.0.0.0/8; 1.2.3-4; part 710319/2746',
    'PAN: scan of the sky; sin(123456789) and nas01, ruc 123',
  ])('finds none in %s', (text) => {
    expect(marked(text, ['national_id'])).toBe(text);
  });

  it('holds what is inside of it, and stands back where only others are wanted', () => {
    const text = 'AHV 756.9217.0769.85, then +41 44 668 18 00';
    expect(marked(text)).toBe('AHV «national_id:756.9217.0769.85», then «phone:+41 44 668 18 00»');
    expect(marked(text, ['phone'])).toBe('AHV 756.9217.0769.85, then «phone:+41 44 668 18 00»');
    expect(unmarked(marked(text))).toBe(text);
  });

  it.each(NATIONAL_IDS)('have the lengths that they say: $of', ({ shape, lengths }) => {
    const seen = fc.sample(fc.stringMatching(shape), { numRuns: 50, seed: 1 });
    expect(lengths).toEqual(expect.arrayContaining([...new Set(seen.map((compact) => compact.length))]));
  });
});
