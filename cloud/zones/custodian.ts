import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type CivilDate, type Clock, civilDateOf } from '../../proto/words/time.ts';

/** Who may read geographic data (GEO-3): the entity with a surveying qualification, as somebody named has checked it. */
export interface Custodian {
  readonly holder: string;
  readonly certificateNumber: string;
  /** Grades of surveying qualifications since 2021. */
  readonly grade: 'A' | 'B';
  /** Both days are within the term. */
  readonly validFrom: CivilDate;
  readonly validUntil: CivilDate;
  /** Who looked at the certificate, and when. */
  readonly attestedBy: string;
  readonly attestedOn: CivilDate;
}

export type ZoneFault = Fault<'ZONE_CLOSED' | 'CUSTODIAN_MISSING' | 'CUSTODIAN_LAPSED'>;

/** Nobody reads the geographic zone outside the term of a custodian's qualification. Writing it goes on. */
export function custodianOn(custodian: Custodian | undefined, clock: Clock): Result<Custodian, ZoneFault> {
  const today = civilDateOf(clock.now());
  if (custodian === undefined) return fail(custodianMissing());
  const { validFrom, validUntil, attestedOn } = custodian;
  const isValid = validFrom <= today && today <= validUntil && attestedOn <= today;
  return isValid ? ok(custodian) : fail(custodianLapsed(custodian));
}

export function zoneClosed(zone: string): ZoneFault {
  return {
    code: 'ZONE_CLOSED',
    problem: bilingual(`this process was not given the key of zone ${zone}`, `本进程没有 ${zone} 分区的密钥`),
    remedy: bilingual(
      'name the zone in `zones.read` of the process that is to read it, and let its account read the key (docs/zones.md)',
      '请在需读取该分区的进程的 `zones.read` 中列出该分区，并授予其账户读取密钥的权限（docs/zones.md）',
    ),
    retry: 'after-remedy',
  };
}

function custodianMissing(): ZoneFault {
  return {
    code: 'CUSTODIAN_MISSING',
    problem: bilingual(
      'geographic data is read only by a custodian with a surveying qualification, and none is named',
      '地理信息数据只能由具有测绘资质的单位读取，而配置中未指明该单位',
    ),
    remedy: bilingual(
      'fill in `zones.custodian` from the certificate (docs/zones.md)',
      '请根据资质证书填写 `zones.custodian`（docs/zones.md）',
    ),
    retry: 'after-remedy',
  };
}

function custodianLapsed({ certificateNumber, validFrom, validUntil }: Custodian): ZoneFault {
  return {
    code: 'CUSTODIAN_LAPSED',
    problem: bilingual(
      `the surveying qualification \`${certificateNumber}\` stands from ${validFrom} to ${validUntil}, and not today`,
      `测绘资质 \`${certificateNumber}\` 的有效期为 ${validFrom} 至 ${validUntil}，当前不在有效期内`,
    ),
    remedy: bilingual(
      'renew the qualification and record it; until then geographic data is kept and not read',
      '请续办资质并登记；在此之前地理信息数据继续保存但不得读取',
    ),
    retry: 'after-remedy',
  };
}
