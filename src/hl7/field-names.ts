// What the fields of the segments mean that feeds send, by number, in our own words (HL7 v2.5.1 ch. 2, 3, 6, 7, 9, 10 and
// 4 for ORC and OBR). For people who look at a message; nothing is read by these names.

/** From field 1 on, parted by semicolons; `-` where the standard has withdrawn the field or we have no word. */
const names: Readonly<Record<string, string>> = {
  MSH: 'field separator; encoding characters; sending application; sending facility; receiving application; receiving facility; time of the message; security; message type; control id; processing id; version; sequence number; continuation pointer; accept acknowledgment; application acknowledgment; country; character set; language; character set handling; profile; sending organisation; receiving organisation',
  SFT: 'vendor; version; product; binary id; product information; install date',
  EVN: 'event; recorded at; planned for; reason; operator; occurred at; facility',
  PID: 'set id; patient id (old); patient identifiers; alternate patient id; name; mother’s maiden name; birth date; sex; alias; race; address; county; home phone; work phone; language; marital status; religion; account number; social security number; driver’s licence; mother’s identifier; ethnicity; birth place; multiple birth; birth order; citizenship; veteran status; nationality; died at; deceased; identity unknown; identity reliability; last updated at; last updated by; species; breed; strain; production class; tribe; telecommunication',
  PD1: 'living dependency; living arrangement; primary facility; primary care provider; student; handicap; living will; organ donor; separate bill; duplicate patient; publicity; protection; protection since; place of worship; advance directive; immunization status; immunization status since; publicity since; military branch; military rank; military status; advance directive verified on',
  NK1: 'set id; name; relationship; address; phone; business phone; contact role; since; until; job title; job code; employee number; organisation; marital status; sex; birth date; living dependency; ambulatory status; citizenship; language; living arrangement; publicity; protection; student; religion; mother’s maiden name; nationality; ethnicity; contact reason; contact’s name; contact’s phone; contact’s address; identifiers; job status; race; handicap; contact’s social security number; birth place; VIP',
  PV1: 'set id; patient class; location; admission type; pre-admission number; prior location; attending doctor; referring doctor; consulting doctor; hospital service; temporary location; pre-admission test; re-admission; admission source; ambulatory status; VIP; admitting doctor; patient type; visit number; financial class; charge price; courtesy; credit rating; contract code; contract since; contract amount; contract period; interest; transferred to bad debt; bad debt on; bad debt agency; bad debt amount; bad debt recovered; account deleted; account deleted on; discharge disposition; discharged to; diet; servicing facility; bed status; account status; pending location; prior temporary location; admitted at; discharged at; balance; charges; adjustments; payments; alternate visit id; visit indicator; other provider',
  PV2: 'prior pending location; accommodation; admission reason; transfer reason; valuables; valuables location; visit user code; expected admission; expected discharge; estimated days; actual days; description; referral source; previous service on; employment related; purge status; purge on; special program; retention; insurance plans; publicity; protection; clinic; patient status; visit priority; previous treatment on; expected disposition; signature on file; first similar illness; charge adjustment; recurring service; billing media; expected surgery; military partnership; military non-availability; newborn; baby detained; mode of arrival; drug use; level of care; precautions; condition; living will; organ donor; advance directive; patient status since; expected return from leave; expected pre-admission test; notify clergy',
  DG1: 'set id; coding method; diagnosis; description; diagnosed at; type; major category; related group; group approved; grouper review; outlier; outlier days; outlier cost; grouper version; priority; doctor; classification; confidential; attested at; diagnosis id; action',
  PR1: 'set id; coding method; procedure; description; performed at; type; minutes; anesthesiologist; anesthesia; anesthesia minutes; surgeon; practitioner; consent; priority; associated diagnosis; modifier; procedure group; tissue type; procedure id; action',
  MRG: 'prior patient identifiers; prior alternate id; prior account number; prior patient id (old); prior visit number; prior alternate visit id; prior name',
  AL1: 'set id; type; allergen; severity; reaction; identified on',
  IAM: 'set id; type; allergen; severity; reaction; action; allergy id; action reason; sensitivity; allergen group; onset; onset in words; status; status since; reported by; relationship of the reporter; alert device; documentation; statused by',
  OBX: 'set id; value type; observation; sub-id; value; units; reference range; flags; probability; nature of abnormality; status; range effective on; access checks; observed at; producer; observer; method; equipment; analysed at',
  ROL: 'role id; action; role; person; since; until; duration; reason; provider type; organisation unit; address; phone',
  TXA: 'set id; document type; content presentation; activity at; activity provider; originated at; transcribed at; edited at; originator; authenticator; transcriptionist; document number; parent document number; placer order number; filler order number; file name; completion; confidentiality; availability; storage; change reason; authenticated by and at; distributed to',
  SCH: 'placer appointment id; filler appointment id; occurrence; placer group; schedule id; event reason; appointment reason; appointment type; duration; duration units; timing; placer contact; placer phone; placer address; placer location; filler contact; filler phone; filler address; filler location; entered by; entered by phone; entered by location; parent placer id; parent filler id; status; placer order number; filler order number',
  RGS: 'set id; action; group',
  AIS: 'set id; action; service; starts at; offset; offset units; duration; duration units; substitution; status; placer information; filler information',
  AIG: 'set id; action; resource; resource type; resource group; quantity; quantity units; starts at; offset; offset units; duration; duration units; substitution; status',
  AIL: 'set id; action; location; location type; location group; starts at; offset; offset units; duration; duration units; substitution; status',
  AIP: 'set id; action; person; person role; person group; starts at; offset; offset units; duration; duration units; substitution; status',
  ORC: 'order control; placer order number; filler order number; placer group; status; response flag; timing; parent; entered at; entered by; verified by; ordering provider; enterer’s location; call back phone; effective at; reason; entering organisation; entering device; action by; beneficiary notice; facility; facility address; facility phone; provider address; status modifier',
  OBR: 'set id; placer order number; filler order number; service; priority; requested at; observed from; observed until; volume; collector; specimen action; danger; clinical information; specimen received at; specimen source; ordering provider; call back phone; placer field 1; placer field 2; filler field 1; filler field 2; reported at; charge; section; result status; parent result; timing; copies to; parent; transport; reason; interpreter; assistant; technician; transcriptionist; scheduled at',
  NTE: 'set id; source; comment; type',
  GT1: 'set id; guarantor number; name; spouse; address; home phone; business phone; birth date; sex; type; relationship; social security number; since; until; priority; employer; employer address; employer phone; employee id; employment status; organisation',
  IN1: 'set id; plan; company id; company; company address; company contact; company phone; group number; group name; group employer id; group employer; effective from; effective until; authorisation; plan type; insured’s name; insured’s relationship; insured’s birth date; insured’s address; assignment; coordination; coordination priority; admission notice; admission notice on; eligibility report; eligibility report on; release; pre-admission certificate; verified at; verified by; agreement type; billing status; lifetime reserve days; delay; plan code; policy number; deductible; policy limit; days limit',
  ACC: 'occurred at; code; location; state; job related; death; entered by',
  UB2: 'set id; co-insurance days; condition; covered days; non-covered days; value; occurrence; occurrence span',
};

const lists = new Map<string, readonly string[]>();

/** What field `number` of a segment is called; undefined where we have no word for it. */
export function fieldName(segment: string, number: number): string | undefined {
  let list = lists.get(segment);
  if (list === undefined) lists.set(segment, (list = (names[segment] ?? '').split('; ')));
  const name = list[number - 1];
  return name === undefined || name === '' || name === '-' ? undefined : name;
}

/** The segments that have names. */
export const namedSegments: readonly string[] = Object.keys(names);
