import { z } from 'zod';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail } from '../../proto/words/result.ts';
import { type Clock, civilDateOf } from '../../proto/words/time.ts';
import { namesVin, parseVin } from '../../proto/words/vin.ts';
import { dueDay } from '../deletion/due-day.ts';
import { type DeletionParts, newDeletionId, overdue, runDeletions } from '../deletion/run-deletions.ts';
import type { Deletion } from '../ports/deletion-register.ts';
import type { DeviceRegister } from '../ports/device-register.ts';
import type { CalendarRow } from '../transfer/rule.ts';
import { type ApiAnswer, type ApiRoute, answered, apiRoute, refused } from './route.ts';

export interface DeletionRoutesParts {
  readonly deletions: DeletionParts;
  readonly devices: DeviceRegister;
  /** As they are known now. */
  readonly calendars: () => readonly CalendarRow[];
}

const RequestBody = z.strictObject({
  device: z.string().min(1).max(64).optional(),
  vin: z.string().min(1).max(32).optional(),
  retention: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/)
    .optional(),
  reason: z.string().min(1).max(200),
});

/** `GET` and `POST /deletions`, `POST /deletions/run`. */
export function deletionRoutes(parts: DeletionRoutesParts): readonly ApiRoute[] {
  const { register, clock } = parts.deletions;
  return [
    apiRoute({
      method: 'GET',
      path: '/deletions',
      summary: 'what was asked to be deleted, and what became of it',
      invalid: requestInvalid,
      answer: () => answered({ deletions: register.list('all').map((one) => shown(one, clock)) }),
    }),
    apiRoute({
      method: 'POST',
      path: '/deletions',
      summary: 'ask for what was recorded of a device or a vehicle to be deleted',
      body: RequestBody,
      by: { key: 'requestedBy', in: 'body', form: z.string().min(1).max(64) },
      invalid: requestInvalid,
      answer: ({ body, by }) => take(body, by, parts),
    }),
    apiRoute({
      method: 'POST',
      path: '/deletions/run',
      summary: 'carry out every deletion that is open',
      invalid: requestInvalid,
      answer: () => {
        const late = overdue(register, clock).length;
        const run = attempt(parts.deletions);
        return run.ok ? answered({ ...run.value, late }) : refused(409, run.fault);
      },
    }),
  ];
}

/** A reader that holds on to an older state, or a disk that is full, leaves deletions open; the next run goes on. */
function attempt(parts: DeletionParts): ReturnType<typeof runDeletions> {
  try {
    return runDeletions(parts);
  } catch (cause) {
    return fail(unfinished(causeText(cause)));
  }
}

function take(
  { device, vin: text, retention, reason }: z.infer<typeof RequestBody>,
  requestedBy: string,
  { deletions, devices, calendars }: DeletionRoutesParts,
): ApiAnswer {
  if (namesVin(`${reason} ${requestedBy}`)) return refused(400, requestInvalid('reason'));
  const vin = text === undefined ? undefined : parseVin(text);
  if (vin?.ok === false || (device === undefined) === (vin === undefined)) return refused(400, requestInvalid('vin'));
  const numbers = devices.numbersOf(vin === undefined ? { device: device ?? '' } : { vin: vin.value });
  if (numbers.length === 0) return refused(404, whoseUnknown());
  const now = deletions.clock.now();
  const id = newDeletionId(deletions.draw);
  const due = dueDay(civilDateOf(now), calendars());
  const entered = deletions.operations.append([
    { kind: 'deletion-requested', transferId: '', actor: requestedBy, document: { deletionId: id, reason, due } },
  ]);
  if (!entered.ok) return refused(409, entered.fault);
  deletions.register.add({
    id,
    cause: 'request',
    requestedAt: now,
    requestedBy,
    deviceNumbers: numbers,
    retention,
    beforeDay: undefined,
    reason,
    due,
  });
  return answered({ id, due });
}

/** Without whose it is: a list is printed, and the register of devices is the only link to a person. */
function shown({ deviceNumbers: _devices, ...rest }: Deletion, { now }: Clock): object {
  return { ...rest, overdue: rest.state !== 'done' && rest.due < civilDateOf(now()) };
}

function requestInvalid(key: string): Fault<'DELETION_INVALID'> {
  return {
    code: 'DELETION_INVALID',
    problem: bilingual(`the request for deletion is not valid at \`${key}\``, `删除请求在 \`${key}\` 处无效`),
    remedy: bilingual(
      'name either a device or a VIN, a reason without a VIN in it, and who asks',
      '请填写设备或车辆识别代号之一、不含车辆识别代号的原因以及申请人',
    ),
    retry: 'after-remedy',
  };
}

function unfinished(cause: string): Fault<'DELETION_UNFINISHED'> {
  return {
    code: 'DELETION_UNFINISHED',
    problem: bilingual(`a deletion was not carried out to its end: ${cause}`, `删除未能全部完成：${cause}`),
    remedy: bilingual(
      'let readers of the zone end, free space, and run `tongguan delete run` again; it goes on where it stopped',
      '请结束对该分区的读取、释放空间后再次运行 `tongguan delete run`；将从中断处继续',
    ),
    retry: 'later',
  };
}

function whoseUnknown(): Fault<'DELETION_UNKNOWN'> {
  return {
    code: 'DELETION_UNKNOWN',
    problem: bilingual('the device register knows no such device or vehicle', '设备注册表中没有该设备或车辆'),
    remedy: bilingual(
      'check the name; a vehicle that was never registered has no records here',
      '请核对名称；从未登记的车辆在此没有记录',
    ),
    retry: 'after-remedy',
  };
}
