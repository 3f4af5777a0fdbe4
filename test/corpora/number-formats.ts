import { findPersonalData } from '../../packages/core/src/inspect/pii/find-personal-data.ts';
import { foldCharacters } from '../../packages/core/src/inspect/pii/fold-characters.ts';
import { validIdsOf } from '../../packages/core/src/inspect/pii/national/find-national-ids.ts';
import type { Case } from './corpus.ts';

/** What the collection of numbers with check digits calls the numbers of persons that are known here: `country/format=ours`. */
const COVERED: ReadonlyMap<string, readonly string[]> = new Map(
  `gb/nino gb/nhs gb/utr ie/pps de/idnr de/svnr de/stnr at/tin fr/nir fr/nif be/nn nl/bsn nl/onderwijsnummer es/dni es/nie
  es/nss pt/nif pt/cc se/personnummer no/fodselsnummer dk/cpr fi/hetu pl/pesel pl/nip ro/cnp bg/egn gr/amka hr/oib ru/inn
  br/cpf ca/sin mx/curp mx/rfc ar/cuit cl/rut ec/ruc uy/cedula do/cedula pe/ruc co/nit ve/rif bo/ci gt/cui gt/nit sv/nit
  cu/ni py/cedula py/ruc in/aadhaar in/pan in/vid in/epic kr/rrn hk/hkid sg/nric my/nric pk/cnic lk/nic mu/nid au/tfn
  nz/ird gh/tin ao/bi mz/bi mz/nuit gn/nifp za/tin eg/tn by/unp ch/ssn=ch.ahv at/vnr=at.svnr be/bis=be.nn
  de/passport=de.reisepass de/pwnr=de.ausweis,de.ausweis_zone es/nif=es.dni,es.nie,es.nif it/codicefiscale=it.codice_fiscale
  ee/ik=ee.isikukood lt/asmens=ee.isikukood lv/pvn=lv.personas_kods cz/rc=cz.rodne_cislo,cz.rodne_cislo_9 ua/rntrc=ua.rnokpp
  tr/tckimlik=tr.kimlik ec/ci=ec.cedula pe/cui=pe.dni cr/cpf=cr.cedula cn/ric=cn.resident_id jp/in=jp.my_number
  tw/ui=tw.id th/tin=th.id th/moa=th.id il/idnr=il.id za/idnr=za.id ca/bc_bhn=ca.bc_health us/ssn=ssn`
    .split(/\s+/)
    .map((entry): [string, readonly string[]] => {
      const [format = '', ours = format.replace('/', '.')] = entry.split('=');
      return [format, ours.split(',')];
    }),
);

function idsFor({ expect }: Case): readonly string[] | undefined {
  return COVERED.get(`${expect?.country}/${expect?.format}`);
}

/** Numbers of companies, of banks and of goods, numbers of persons that are not known here, and pieces of a program. */
export function isUncovered(row: Case): boolean {
  return idsFor(row) === undefined || /[\n=;]/.test(String(row.input['value']));
}

/** Whether the validator of its own country takes a number. */
export function isTakenAtHome(row: Case): boolean {
  const value = String(row.input['value']);
  const ids = idsFor(row) ?? [];
  if (ids.includes('ssn')) return findPersonalData(value, ['ssn'], 'ssn').length > 0;
  return validIdsOf(foldCharacters(value).trim()).some(({ of }) => ids.includes(of));
}

// Forms of addresses, accounts and cards, of which the rows without options are about the bare form.
const FORMS: ReadonlySet<string> = new Set(['EMAIL', 'IBAN', 'CREDIT_CARD', 'PHONE']);

/** Passports, devices, wallets, tokens and check digits by themselves; and rows about an option of that library. */
export function isUncoveredForm({ expect }: Case): boolean {
  return !FORMS.has(expect?.format ?? '') || (expect?.args ?? null) !== null;
}
